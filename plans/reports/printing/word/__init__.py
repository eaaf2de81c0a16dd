"""The parts of a Word file (WordprocessingML, ISO/IEC 29500 Transitional, as Word 2013 writes it).

Written as text, row by row: an object for every element of 10,000 rows costs some hundred
megabytes, and a library of objects has no words for repeated heads or fields anyway. The order of
elements is that of the schema everywhere, for Word refuses any other.
"""
