"""The picture of a host's networks, drawn alone: two lines of text in a box leave its border free."""

import re
from itertools import pairwise

from jinja2 import Environment, FileSystemLoader

from quizapp.labs.hosts.network_map import AttachedContainer, DrawnNetwork, NetworkMap
from tests.unit.templates.test_macros import TEMPLATES

HALF_PX = 8.0  # of the height of the lower line, with what hangs below it: 13 px of type
FREE_PX = 2.0  # between a text and the border of its box
BOX = re.compile(
    r'<rect x="\d+" y="(\d+)" width="\d+" height="(\d+)"[^>]*/>\s*<text[^>]+y="(\d+)"[^>]*>[^<]*</text>\s*'
    r'<text[^>]+y="(\d+)" class="small"'
)


def test_no_line_of_a_box_touches_its_border_and_no_box_another() -> None:
    boxes = [AttachedContainer(name=f"c{row}", address="10.0.0.2", ports=(), row=row) for row in range(3)]
    network = DrawnNetwork(name="shop", device="br-1", subnet="10.0.0.0/24", containers=boxes, row=1)
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    drawn = environment.get_template("hands_on/_network.html").render(map=NetworkMap(networks=[network], rows=3))
    found = [tuple(map(int, one)) for one in BOX.findall(drawn)]
    assert len(found) == 4
    for top, height, upper, lower in found:
        assert upper - HALF_PX >= top + FREE_PX
        assert lower + HALF_PX <= top + height - FREE_PX
    tops = sorted(top for top, *_ in found[1:])
    assert all(later - earlier >= 40 for earlier, later in pairwise(tops))
    (high,) = map(int, re.findall(r'<svg width="\d+" height="(\d+)"', drawn))
    assert max(top + height for top, height, *_ in found) < high
