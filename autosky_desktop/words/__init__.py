"""The words layer, the only place that words a sentence. Everything here goes through Qt's
translation.
"""
