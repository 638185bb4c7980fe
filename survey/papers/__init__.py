"""The papers of a round: what the database knows, put into what the printer needs.

Between storage and printing, for the command line and the web alike.
"""

from survey.papers.guide import helper_address, print_guide
from survey.papers.invitations import print_invitation
from survey.papers.posters import (
    PosterOrder,
    by_township,
    inert,
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
from survey.papers.tickets import print_bag_forms, print_sheet, print_tickets, stream_archive

__all__ = [
    "EXAMPLE",
    "File",
    "PosterOrder",
    "Reader",
    "by_township",
    "helper_address",
    "inert",
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
    "print_tickets",
    "print_trial_page",
    "reader",
    "stream_archive",
]
