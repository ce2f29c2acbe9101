"""The only place that words a sentence. Everything here goes through Qt's translation."""
