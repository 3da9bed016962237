"""The order of the functions in the designer, and their groups in the documentation.

The designer lists the function with the highest `order` first. Functions that integrators use most come first.
"""

from collections.abc import Iterator, Mapping, Sequence

STEP = 10  # between two functions, so that a new one fits between them
DEPRECATED = 0
TRIGGERS = (
    "newInboundTexts",
    "newInboundCalls",
    "inboundEvents",
    "newTextResults",
    "newCallRecordings",
    "newOptOuts",
)
GROUPS: Mapping[str, tuple[str, ...]] = {
    "Texts and calls": (
        "sendTexts",
        "sendCalls",
        "getConversation",
        "findTexts",
        "getText",
        "findCalls",
        "getCall",
        "makeRawRequest",
    ),
    "Contacts": (
        "upsertContact",
        "createContacts",
        "updateContact",
        "findContacts",
        "getContact",
        "getContactHistory",
        "deleteContact",
    ),
    "Contact lists": (
        "addContactListItems",
        "createContactList",
        "createContactListFromFile",
        "findContactLists",
        "getContactList",
        "getContactListItems",
        "updateContactList",
        "removeContactListItem",
        "removeContactListItems",
        "deleteContactList",
    ),
    "Do-not-contact (DNC) lists": (
        "addDoNotContacts",
        "findDoNotContacts",
        "getDoNotContact",
        "updateDoNotContact",
        "deleteDoNotContact",
        "deleteDoNotContactsBySource",
        "getUniversalDoNotContacts",
    ),
    "Text broadcasts": (
        "createTextBroadcast",
        "addTextBroadcastRecipients",
        "startTextBroadcast",
        "stopTextBroadcast",
        "findTextBroadcasts",
        "getTextBroadcast",
        "getTextBroadcastStats",
        "getTextBroadcastTexts",
        "updateTextBroadcast",
        "addTextBroadcastBatch",
        "getTextBroadcastBatches",
        "toggleTextBroadcastRecipientsStatus",
        "archiveTextBroadcast",
    ),
    "Call broadcasts": (
        "createCallBroadcast",
        "addCallBroadcastRecipients",
        "startVoiceBroadcast",
        "stopVoiceBroadcast",
        "findCallBroadcasts",
        "getCallBroadcast",
        "getCallBroadcastStats",
        "getCallBroadcastCalls",
        "updateCallBroadcast",
        "addCallBroadcastBatch",
        "getCallBroadcastBatches",
        "toggleCallBroadcastRecipientsStatus",
        "archiveVoiceBroadcast",
        "getCampaignBatch",
        "updateCampaignBatch",
    ),
    "Reports and recordings": (
        "getDeliveryReports",
        "getCallRecordings",
        "getCallRecording",
        "getCallRecordingByName",
        "getCallRecordingMp3",
        "getCallRecordingMp3ByName",
    ),
    "Sounds": (
        "postFileCampaignSound",
        "postTTSCampaignSound",
        "postCallCampaignSound",
        "findCampaignSounds",
        "getCampaignSound",
        "getCampaignSoundDataMp3",
        "getCampaignSoundDataWav",
        "deleteCampaignSound",
    ),
    "Media files (MMS)": (
        "createMedia",
        "findMedia",
        "getMedia",
        "getMediaData",
        "getMediaDataBinary",
        "getMediaDataByKey",
    ),
    "Auto-replies": ("createTextAutoReply", "findTextAutoReplys", "getTextAutoReply", "deleteTextAutoReply"),
    "Phone numbers": (
        "findNumberLeases",
        "getNumberLease",
        "updateNumberLease",
        "findNumberLeaseConfigs",
        "getNumberLeaseConfig",
        "updateNumberLeaseConfig",
        "findNumbersLocal",
        "findNumbersTollfree",
        "findNumberRegions",
        "orderNumbers",
    ),
    "Keywords and orders": (
        "findKeywordLeases",
        "getKeywordLease",
        "getKeywordLeaseById",
        "updateKeywordLease",
        "findKeywordLeaseConfigs",
        "getKeywordLeaseConfig",
        "updateKeywordLeaseConfig",
        "findKeywords",
        "isKeywordAvailable",
        "orderKeywords",
        "findOrders",
        "getOrder",
    ),
    "Account": (
        "getAccount",
        "getBillingPlanUsage",
        "getCreditUsage",
        "getCallerIds",
        "sendVerificationCodeToCallerId",
        "verifyCallerId",
    ),
    "Webhooks": (
        "findWebhooks",
        "getWebhook",
        "createWebhook",
        "updateWebhook",
        "deleteWebhook",
        "findWebhookResources",
        "getWebhookResource",
    ),
    "API credentials": (
        "findApiCredentials",
        "getApiCredential",
        "createApiCredential",
        "enableApiCredentials",
        "disableApiCredentials",
        "deleteApiCredential",
    ),
    "Deprecated": ("sendCallV1",),
}
"""{heading in docs/actions.md: IDs of the actions}. The deprecated actions are last."""
ACTIONS = tuple(name for group in GROUPS.values() for name in group)


def place(function_id: str) -> int:
    """Return the place of a function in the designer, from 0. Raises LookupError for a function without a place."""
    for names in (TRIGGERS, ACTIONS):
        if function_id in names:
            return names.index(function_id)
    raise LookupError(f"{function_id}: the function has no place in the designer. Add it to tools/function_order.py.")


def orders(function_ids: Sequence[str]) -> Iterator[int]:
    """Yield the `order` of the functions of one list, which are sorted by place. The last one has STEP.

    Deprecated functions have DEPRECATED.
    """
    current = [name for name in function_ids if name not in GROUPS["Deprecated"]]
    for number, name in enumerate(function_ids):
        yield DEPRECATED if name not in current else STEP * (len(current) - number)
