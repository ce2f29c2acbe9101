"""The settings of this program, which a person may change."""
