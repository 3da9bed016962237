"""Hostile inputs for a step's process, listed and generated, and the checks of the guarantee.

Each case is one hostile input, followed by good messages. A case has a class, by which the results are counted.

    messages        AMQP messages, and events that a component emits
    answers         answers of CallFire's server to a request of the connector
    polled_items    answers to a polling trigger
    operations      the operations of the connector that get hostile answers, and their outcomes
    answer_server   the server that gives the answers, and counts the requests
    attack          a step's process under attack, and the checks
    campaign        all attacks; `python -m tests.integration.hostile` runs them
"""
