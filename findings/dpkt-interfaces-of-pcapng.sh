#!/bin/sh
# dpkt, which reads packet captures for Python: a file of the pcapng form says for each interface what its packets begin with
# and in which unit their times are; dumpcap writes several where it listens at several, and so does mergecap. dpkt takes both
# from the first interface for all. Here a packet of an Ethernet card, in microseconds, comes before one of a tunnel, in
# nanoseconds, which has no Ethernet header: its time is in the year 57886, and `datalink()` says Ethernet for both, so an IP
# packet is read as a frame with made-up addresses. scapy and python-pcapng know each packet's interface.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check dpkt==1.9.8 python-pcapng==2.1.1 2> pip.log || { cat pip.log; exit 2; }
cat > read.py <<'EOT'
import io
from importlib.metadata import version
from struct import pack

import dpkt
import pcapng

ETHERNET, RAW_IP, AT = 1, 101, 1764547200
IP = bytes.fromhex("450000140000000040010000c0000201c0000202")
FRAME = bytes.fromhex("0200000000010200000000020800") + IP


def block(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    return pack("<II", kind, len(body) + 12) + body + pack("<I", len(body) + 12)


def interface(link: int, digits: int) -> bytes:
    resolution = pack("<HHB3x", 9, 1, digits)
    return block(1, pack("<HHI", link, 0, 65535) + resolution + pack("<HH", 0, 0))


def packet(number: int, units: int, data: bytes) -> bytes:
    return block(6, pack("<IIIII", number, units >> 32, units & 0xFFFFFFFF, len(data), len(data)) + data)


section = block(0x0A0D0D0A, pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
capture = section + interface(ETHERNET, 6) + interface(RAW_IP, 9) + packet(0, AT * 10**6, FRAME) + packet(1, AT * 10**9, IP)
blocks = list(pcapng.FileScanner(io.BytesIO(capture)))
guess = [(block.interface.link_type, block.timestamp) for block in blocks if hasattr(block, "packet_data")]
reader = dpkt.pcapng.Reader(io.BytesIO(capture))
seen = [(reader.datalink(), time) for time, _ in reader]
print("dpkt", version("dpkt"), "python-pcapng", version("python-pcapng"))
print("one would guess, as of python-pcapng:", guess)
print("seen:", seen)
raise SystemExit(guess != [(ETHERNET, AT), (RAW_IP, AT)] or seen != [(ETHERNET, AT), (ETHERNET, AT * 1000)])
EOT
venv/bin/python read.py
