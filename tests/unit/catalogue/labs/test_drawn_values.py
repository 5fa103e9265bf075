"""The numbers of one run are the lab's variables again."""

from quizapp.catalogue.labs.drawn_values import put_back
from quizapp.catalogue.labs.lab_file import read_lab
from quizapp.catalogue.labs.lab_format import LabDefinition
from tests.unit.catalogue.labs.test_lab_lint import SOUND

VARS = "vars: {NET: {random: 30-90}, LAST: {random: 20-90}, PORT: {random: 8000-8999}}"


def lab() -> LabDefinition:
    text = SOUND.replace("vars: {PORT: {random: 8000-8999}}", VARS)
    return read_lab(text.replace("hints: [", "hints: ['`--ip 10.7.${NET}.${LAST}`', "), folder="find-it")


def test_a_run_s_numbers_are_variables_again_and_others_stay() -> None:
    values = {"NET": "40", "LAST": "64", "PORT": "8123"}
    printed = "inet 10.7.40.64/24 ttl=64, 0.0.0.0:8123->80/tcp, 192.168.50.10.8123 > 10.7.40.1.80, 81234"
    assert put_back(lab(), printed, values) == (
        "inet 10.7.${NET}.${LAST}/24 ttl=64, 0.0.0.0:${PORT}->80/tcp, 192.168.50.10.${PORT} > 10.7.${NET}.1.80, 81234"
    )
