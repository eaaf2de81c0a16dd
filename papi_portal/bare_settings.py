"""Settings of the processes that read one file: texts as they stand in the source, no database."""

USE_I18N = False
