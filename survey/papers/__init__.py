"""The papers of a round: what the database knows, put into what the printer needs.

Between storage and printing, for the command line and the web alike.
"""

from survey.papers import findings
from survey.papers.city_report import city_report
from survey.papers.decision_sheets import decision_sheet, decision_sheets, sheet_name
from survey.papers.guide import helper_address, print_guide
from survey.papers.invitations import print_invitation
from survey.papers.ledgers import csv_files, ledger_row, write_json, write_ledger
from survey.papers.posters import (
    PosterOrder,
    by_township,
    link_rows,
    print_bundles,
    print_posters,
)
from survey.papers.reader import File, Reader, reader
from survey.papers.sheets import (
    EXAMPLE,
    print_envelope,
    print_opening_sheet,
    print_sealing_sheet,
    print_trial_page,
)
from survey.papers.summaries import print_summary, summaries, summary_name
from survey.papers.tickets import print_bag_forms, print_sheet, print_tickets, stream_archive

__all__ = [
    "EXAMPLE",
    "File",
    "PosterOrder",
    "Reader",
    "by_township",
    "city_report",
    "csv_files",
    "decision_sheet",
    "decision_sheets",
    "findings",
    "helper_address",
    "ledger_row",
    "link_rows",
    "print_bag_forms",
    "print_bundles",
    "print_envelope",
    "print_guide",
    "print_invitation",
    "print_opening_sheet",
    "print_posters",
    "print_sealing_sheet",
    "print_sheet",
    "print_summary",
    "print_tickets",
    "print_trial_page",
    "reader",
    "sheet_name",
    "stream_archive",
    "summaries",
    "summary_name",
    "write_json",
    "write_ledger",
]
