"""Joins two network namespaces by a slow and lossy link, packet by packet, for kernels without netem.

relay.py NAMESPACE_A ADDRESS_A NAMESPACE_B ADDRESS_B DELAY_MS LOSS_PERCENT

The delay is that of one way. Prints "ready" when packets can pass, and ends with its standard input.
"""
import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import sys
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN_NO_PI = 0x0001 | 0x1000
libc = ctypes.CDLL(None, use_errno=True)


def open_end(namespace, address, peer):
    """A TUN device in the namespace: what is routed into it can be read here, and the other way round."""
    with open(f"/run/netns/{namespace}", "rb") as handle:
        if libc.setns(handle.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"setns {namespace}")
    end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH", b"slow0", IFF_TUN_NO_PI))
    subprocess.check_call(["ip", "addr", "add", address, "peer", peer, "dev", "slow0"])
    subprocess.check_call(["ip", "link", "set", "slow0", "up", "mtu", "1400"])
    return end


def relay(one, other, delay, loss):
    """Passes packets on, each `delay` seconds late and in order, but for those that are lost."""
    due = []
    number = 0
    while True:
        wait = max(0.0, due[0][0] - time.monotonic()) if due else None
        ready, _, _ = select.select([one, other, sys.stdin], [], [], wait)
        for end in ready:
            if end is sys.stdin:
                return
            packet = os.read(end, 65536)
            if random.random() >= loss:
                number += 1
                heapq.heappush(due, (time.monotonic() + delay, number, other if end == one else one, packet))
        while due and due[0][0] <= time.monotonic():
            _, _, end, packet = heapq.heappop(due)
            os.write(end, packet)


name_a, address_a, name_b, address_b, delay_ms, loss_percent = sys.argv[1:]
ends = open_end(name_a, address_a, address_b), open_end(name_b, address_b, address_a)
print("ready", flush=True)
relay(*ends, float(delay_ms) / 1000, float(loss_percent) / 100)
