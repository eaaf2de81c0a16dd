"""Settings of the reading process: the texts of the parsers as they stand in the source."""

USE_I18N = False
