"""A RabbitMQ for tests and demos, wherever this machine has one

`find_broker()` takes the first that is to be had, in this order: the one AMQP_URI names, one on localhost:5672, and
then a private one that is started for the occasion: from an installed rabbitmq-server, in Docker, or installed with
apt-get first. `private_broker()` starts with the private ones: tests that restart their broker must never restart
somebody else's.

    with find_broker() as broker:
        connect(broker.uri)

Errors:

    BrokerMissingError: there is none, and the message says what was tried and what to install
    BrokerFailedError: there should be one, but it does not answer or accept the login
"""

from services.rabbitmq.find import BrokerMissingError, find_broker, private_broker
from services.rabbitmq.private import PrivateBroker
from services.rabbitmq.probe import Broker, BrokerFailedError

__all__ = ["Broker", "BrokerFailedError", "BrokerMissingError", "PrivateBroker", "find_broker", "private_broker"]
