"""A RabbitMQ broker for tests and the demo.

`find_broker()` uses the first available broker, in this order:

1. the broker that AMQP_URI names
2. a broker on localhost:5672
3. a private broker that it starts: an installed rabbitmq-server, Docker, or a package installed with apt-get

`private_broker()` always starts a private broker. Tests that restart their broker must not restart a shared one.

    with find_broker() as broker:
        connect(broker.uri)

Errors:

    BrokerMissingError: no broker is available; the text lists the attempts and the packages to install
    BrokerFailedError: a broker exists, but it does not respond or refuses the login
"""

from services.rabbitmq.check import Broker, BrokerFailedError
from services.rabbitmq.find import BrokerMissingError, find_broker, private_broker
from services.rabbitmq.private import PrivateBroker

__all__ = ["Broker", "BrokerFailedError", "BrokerMissingError", "PrivateBroker", "find_broker", "private_broker"]
