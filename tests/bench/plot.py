# SPDX-License-Identifier: Apache-2.0
"""Two diagrams, time and memory against pods, both axes logarithmic; as SVG by hand."""
import math

WIDTH, HEIGHT, LEFT, TOP, GAP = 300, 220, 60, 40, 90
SERIES = (("wasmdiag all --no-host", "wasmdiag", "#0b6e4f"),
          ("the same lists, each item parsed by jansson", "jansson, item by item", "#c06014"),
          ("kubectl get pods -A -o json", "kubectl get pods -o json", "#3b4a9b"))


class Axis:
    """A logarithmic scale that covers the values, from power of ten to power of ten."""

    def __init__(self, values, length):
        self.low = math.floor(math.log10(min(values)))
        self.high = max(round(math.log10(max(values)) + 0.49999), self.low + 1)
        self.length = length

    def at(self, value):
        return (math.log10(value) - self.low) / (self.high - self.low) * self.length

    def marks(self):
        return [10.0 ** power for power in range(self.low, self.high + 1)]


def text(x, y, words, anchor="middle", size=11, color="#333"):
    return (f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="{size}" '
            f'fill="{color}">{words}</text>')


def diagram(points, which, title, unit, left):
    values = [runs[name][which] for runs in points.values() for name, _, _ in SERIES
              if name in runs]
    across, up = Axis(list(points), WIDTH), Axis(values, HEIGHT)
    bottom = TOP + HEIGHT
    out = [text(left + WIDTH / 2, TOP - 16, title, size=13)]
    for mark in across.marks():
        x = left + across.at(mark)
        out.append(f'<path d="M{x:.0f} {TOP}V{bottom}" stroke="#ddd"/>')
        out.append(text(x, bottom + 16, f"{mark:,.0f}"))
    for mark in up.marks():
        y = bottom - up.at(mark)
        out.append(f'<path d="M{left} {y:.0f}H{left + WIDTH}" stroke="#ddd"/>')
        out.append(text(left - 6, y + 4, f"{mark:g} {unit}", "end"))
    for name, _, color in SERIES:
        line = [(left + across.at(pods), bottom - up.at(runs[name][which]))
                for pods, runs in points.items() if name in runs]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in line)
        if line:
            out.append(f'<path d="M{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>' for x, y in line]
    out.append(text(left + WIDTH / 2, bottom + 34, "pods"))
    return out


def write(path, points):
    """points: by number of pods, by name of the command: (wall, CPU, memory)."""
    width, height = LEFT + WIDTH + GAP + WIDTH + 30, TOP + HEIGHT + 70
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
           f'width="{width}" height="{height}" font-family="sans-serif">',
           f'<rect width="{width}" height="{height}" fill="#fff"/>']
    out += diagram(points, 1, "CPU time", "s", LEFT)
    out += diagram(points, 2, "peak memory", "MiB", LEFT + WIDTH + GAP)
    for number, (_, label, color) in enumerate(SERIES):
        x = LEFT + number * 200
        out.append(f'<path d="M{x} {height - 14}h24" stroke="{color}" stroke-width="2"/>')
        out.append(text(x + 30, height - 10, label, "start"))
    with open(path, "w") as file:
        file.write("\n".join(out) + "\n</svg>\n")
