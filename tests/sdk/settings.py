"""Settings of a step for tests."""

from elasticio.runtime.settings import Settings


def settings() -> Settings:
    """Return settings without real services. Tests replace the values that matter."""
    names = "FLOW_ID EXEC_ID STEP_ID CONTAINER_ID WORKSPACE_ID USER_ID COMP_ID FUNCTION API_URI API_USERNAME API_KEY"
    messaging = (
        "AMQP_URI LISTEN_MESSAGES_ON PUBLISH_MESSAGES_TO DATA_ROUTING_KEY ERROR_ROUTING_KEY REBOUND_ROUTING_KEY "
        "SNAPSHOT_ROUTING_KEY MESSAGE_CRYPTO_PASSWORD"
    )
    environ = {f"ELASTICIO_{name}": name.lower() for name in (names + " " + messaging).split()}
    return Settings.read({**environ, "ELASTICIO_MESSAGE_CRYPTO_IV": "0123456789abcdef"})
