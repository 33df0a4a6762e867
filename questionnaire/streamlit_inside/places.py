"""What the server serves under which address: pages of the app, files, the connection, and what a user downloads; and how large a file may be."""

from pathlib import Path

import streamlit as st
from streamlit import config

MEGABYTE = 1024 * 1024
DOWNLOADS = "media"
CONNECTION = "_stcore"
"""Streamlit's own: the connection, the health check, uploads."""
HEALTH = (CONNECTION, "health")
UPLOAD = (CONNECTION, "upload_file")


def parts(path: str) -> tuple[str, ...]:
    """A path piece by piece, without the base path that the server may have been given (`server.baseUrlPath`)."""
    pieces = tuple(path.strip("/").split("/"))
    base = tuple((config.get_option("server.baseUrlPath") or "").strip("/").split("/"))
    return pieces[len(base) :] if base != ("",) and pieces[: len(base)] == base else pieces


def is_own_file(path: str) -> bool:
    """True for the proper address of one of Streamlit's own files, and for no other way of writing it."""
    folder, *inner = pieces = parts(path)
    return (
        folder == "static"
        and len(inner) == 2
        and "" not in pieces
        and not {".", ".."} & {*pieces}
        and path.endswith("/" + "/".join(pieces))
        and "//" not in path
    )


def is_download(path: str) -> bool:
    """True where a user's own download is asked for."""
    return parts(path)[:1] == (DOWNLOADS,)


def static(*names: str) -> Path:
    """A file or folder of Streamlit's own page."""
    return Path(st.__file__).parent.joinpath("static", *names)


def scripts(name: str) -> list[Path]:
    """Streamlit's pieces of script of a name, or with `*` of every name; none where it has no such piece."""
    return sorted(static("static", "js").glob(f"{name}.*js"))


def largest() -> int:
    """Bytes that one file of a user's may have."""
    return config.get_option("server.maxUploadSize") * MEGABYTE
