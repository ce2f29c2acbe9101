"""The forms that ask for a publication: one a model, with its fields."""
