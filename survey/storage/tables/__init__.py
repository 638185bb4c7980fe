"""The rows that stay: columns and CHECKs, no behaviour. A round's ballot box is in `boxes`."""

from survey.storage.tables import append_only
from survey.storage.tables.base import ACCESS, KEY_HOLDING, KINDS, RATINGS, ROLES, STATES, Base
from survey.storage.tables.calibration import (
    CalibrationMeetingRow,
    CalibrationScoreRow,
    CalibrationVillageRow,
)
from survey.storage.tables.decision import (
    AppealAnswerRow,
    AppealRow,
    ConsensusRow,
    EvaluationRow,
    RatingRow,
    ReopeningRow,
)
from survey.storage.tables.draft import QuestionnaireDraftRow
from survey.storage.tables.duty import RecusalRow, SubstituteRow
from survey.storage.tables.installation import InstallationRow, SetUpCodeRow
from survey.storage.tables.moderation import ModerationRow
from survey.storage.tables.recording import RecordingRow
from survey.storage.tables.register import (
    HamletRow,
    RegisterChangeRow,
    RegisterColumnsRow,
    RegisterImportRow,
    RegisterPreviewLineRow,
    RegisterPreviewRow,
    RegisterUploadRow,
    VillageRow,
)
from survey.storage.tables.retention import KeepingRow, RemovedRoundRow
from survey.storage.tables.round import (
    AccountingRow,
    OriginRow,
    PosterRow,
    PostponementRow,
    QuestionnaireRow,
    RoundAudienceRow,
    RoundRow,
    RoundVillageRow,
    SheetRow,
)
from survey.storage.tables.sealed import (
    BallotPartRow,
    ExtraTallyRow,
    FreeAnswerRow,
    ReliabilityRow,
    ScreenRow,
    TallyRow,
)
from survey.storage.tables.sign_in import (
    InvitationRow,
    KnownDeviceRow,
    RecoveryCodeRow,
    SecondFactorRow,
    SignInRefusalRow,
)
from survey.storage.tables.snapshot import SnapshotRow
from survey.storage.tables.staff import AccountRow, AuditRow, GroupRow, PendingActRow
from survey.storage.tables.village_file import (
    CallBackRow,
    FilePreviewRow,
    MeasureRow,
    MeetingRow,
    ProblemRow,
    ProofRow,
)

__all__ = [
    "ACCESS",
    "KEY_HOLDING",
    "KINDS",
    "RATINGS",
    "ROLES",
    "STATES",
    "AccountRow",
    "AccountingRow",
    "AppealAnswerRow",
    "AppealRow",
    "AuditRow",
    "BallotPartRow",
    "Base",
    "CalibrationMeetingRow",
    "CalibrationScoreRow",
    "CalibrationVillageRow",
    "CallBackRow",
    "ConsensusRow",
    "EvaluationRow",
    "ExtraTallyRow",
    "FilePreviewRow",
    "FreeAnswerRow",
    "GroupRow",
    "HamletRow",
    "InstallationRow",
    "InvitationRow",
    "KeepingRow",
    "KnownDeviceRow",
    "MeasureRow",
    "MeetingRow",
    "ModerationRow",
    "OriginRow",
    "PendingActRow",
    "PosterRow",
    "PostponementRow",
    "ProblemRow",
    "ProofRow",
    "QuestionnaireDraftRow",
    "QuestionnaireRow",
    "RatingRow",
    "RecordingRow",
    "RecoveryCodeRow",
    "RecusalRow",
    "RegisterChangeRow",
    "RegisterColumnsRow",
    "RegisterImportRow",
    "RegisterPreviewLineRow",
    "RegisterPreviewRow",
    "RegisterUploadRow",
    "ReliabilityRow",
    "RemovedRoundRow",
    "ReopeningRow",
    "RoundAudienceRow",
    "RoundRow",
    "RoundVillageRow",
    "ScreenRow",
    "SecondFactorRow",
    "SetUpCodeRow",
    "SheetRow",
    "SignInRefusalRow",
    "SnapshotRow",
    "SubstituteRow",
    "TallyRow",
    "VillageRow",
    "append_only",
]
