"""A questionnaire as an XLSForm and back (https://xlsform.org/en/).

An XLSForm is a workbook with the sheets survey, choices and settings, which KoboToolbox, ODK and
others read. What it has no place for stands in columns ``cunping::…`` that they pass over.
"""

from survey.reports.xlsform.reading import Reading, read
from survey.reports.xlsform.writing import write

__all__ = ["Reading", "read", "write"]
