"""Hostile inputs for a step's process, listed and generated, and the checks of the guarantee.

Each case is one hostile input, followed by good messages. A case has a class, by which the results are counted.

    case               one hostile message
    outcomes           the outcomes of messages, from the publications and the log
    attack             a step's process under attack, and the checks
    messages           AMQP messages, and events that a component emits
    answer             one answer of CallFire's server, and its meaning
    answers            the listed answers
    bodies             the bodies of listed answers
    soap_answers       the listed answers of API 1.1
    generated_answers  answers from a seed
    answer_server      the server that gives the answers, and counts the requests
    operations         the operations that get the answers, and the right outcomes
    polling            odd items, answers and a full disk for a polling trigger
    campaign           all attacks; `python -m tests.integration.hostile` runs them
"""
