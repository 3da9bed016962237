"""Values of enumerations that several objects share."""

from sandbox.api.schema import one_of

TEXT_RESULT = one_of(
    "SENT",
    "RECEIVED",
    "DNT",
    "TOO_BIG",
    "INTERNAL_ERROR",
    "CARRIER_ERROR",
    "CARRIER_TEMP_ERROR",
    "UNDIALED",
    "INVALID_NUMBER",
)
CALL_RESULT = one_of(
    "LA",
    "AM",
    "BUSY",
    "DNC",
    "XFER",
    "NO_ANS",
    "XFER_LEG",
    "INTERNAL_ERROR",
    "CARRIER_ERROR",
    "CARRIER_TEMP_ERROR",
    "UNDIALED",
    "SD",
    "POSTPONED",
    "ABANDONED",
    "SKIPPED",
)
ACTION_STATE = one_of(
    "READY",
    "SELECTED",
    "CALLBACK",
    "FINISHED",
    "DISABLED",
    "SKIPPED",
    "DNC",
    "DUP",
    "INVALID",
    "TIMEOUT",
    "PERIOD_LIMIT",
    "RESTRICTED_NUMBER",
)
VOICE = one_of("MALE1", "FEMALE1", "FEMALE2", "SPANISH1", "FRENCHCANADIAN1")
BROADCAST_STATUS = one_of(
    "TEST",
    "SETUP",
    "START_PENDING",
    "RUNNING",
    "SCHEDULED",
    "STOPPED",
    "SUSPENDED",
    "FINISHED",
    "ARCHIVED",
    "VALIDATING_START",
    "VALIDATING_EMAIL",
    "BLOCKED_SUSPICIOUS",
    "DECLINED",
    "APPROVED",
)
LEASE_STATUS = one_of("PENDING", "ACTIVE", "RELEASED", "UNAVAILABLE")
FEATURE_STATUS = one_of("UNSUPPORTED", "PENDING", "DISABLED", "ENABLED")
LEASE_TYPE = one_of("PLAN", "EXTRA")
COUNTRY = one_of("US", "CA")
