"""Which pins of a lock have no ready-made wheel for a supported platform.

Needs `packaging`; the platforms and Pythons come from `[tool.achievement]` in pyproject.toml.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import parse_wheel_filename

# The lowest patch release: markers such as `< '3.11.5'` are tried at both ends of a series.
PATCHES = (0, 99)
OS_NAMES = {"Windows": ("nt", "win32"), "Darwin": ("posix", "darwin"), "Linux": ("posix", "linux")}


def platform_tags(platform: dict[str, Any]) -> list[str]:
    """The platform tags that pip accepts there, the most specific first."""
    machine = platform["machine"]
    if platform["system"] == "Windows":
        return [f"win_{machine.lower()}"]
    major, minor = platform["version"]
    if platform["system"] == "Darwin":
        return list(mac_platforms((major, minor), machine))
    old_names = [f"{name}_{machine}" for name in ("manylinux2014", "manylinux2010", "manylinux1")]
    return [f"manylinux_{major}_{m}_{machine}" for m in range(minor, 4, -1)] + old_names


def accepted_tags(platform: dict[str, Any], python: tuple[int, int]) -> set[Tag]:
    """Every wheel tag that pip accepts on this platform with this CPython."""
    tags = platform_tags(platform)
    interpreter = f"cp{python[0]}{python[1]}"
    return {
        *cpython_tags(python, platforms=tags),
        *compatible_tags(python, interpreter=interpreter, platforms=tags),
    }


def environment(platform: dict[str, Any], python: tuple[int, int], patch: int) -> dict[str, str]:
    """What markers see there."""
    os_name, sys_platform = OS_NAMES[platform["system"]]
    full_version = f"{python[0]}.{python[1]}.{patch}"
    return {
        "implementation_name": "cpython",
        "implementation_version": full_version,
        "os_name": os_name,
        "platform_machine": platform["machine"],
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": platform["system"],
        "platform_version": "",
        "python_full_version": full_version,
        "python_version": f"{python[0]}.{python[1]}",
        "sys_platform": sys_platform,
    }


def applies(pin: dict[str, Any], environments: list[dict[str, str]]) -> bool:
    """Whether a pin is installed in any of these environments."""
    marker = pin.get("marker")
    return marker is None or any(Marker(marker).evaluate(e) for e in environments)


def wheel_tags(pin: dict[str, Any]) -> set[Tag]:
    """The tags of all wheels that a pin has."""
    names = [w.get("name") or w["url"].rsplit("/", 1)[1] for w in pin.get("wheels", [])]
    return {tag for name in names for tag in parse_wheel_filename(name)[3]}


def missing_wheels(pins: list[dict[str, Any]], support: dict[str, Any]) -> Iterator[str]:
    """One sentence for each pin and platform without a wheel.

    `pins` are the packages of a pylock.toml, `support` is the table `[tool.achievement]`.
    """
    tags_of = [(pin, wheel_tags(pin)) for pin in pins]
    for platform in support["platforms"]:
        lacking: dict[str, list[str]] = {}
        for series in support["pythons"]:
            major, minor = map(int, series.split("."))
            accepted = accepted_tags(platform, (major, minor))
            environments = [environment(platform, (major, minor), patch) for patch in PATCHES]
            for pin, tags in tags_of:
                if not tags & accepted and applies(pin, environments):
                    lacking.setdefault(f"{pin['name']} {pin['version']}", []).append(series)
        for pin_name, pythons in lacking.items():
            yield f"{pin_name}: no wheel for {platform['name']}, Python {', '.join(pythons)}"
