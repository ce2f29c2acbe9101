"""What a person may settle about this program."""
