"""What the server serves under which address: pages of the app, files, the connection, and what a user downloads."""

from streamlit import config

DOWNLOADS = "media"
CONNECTION = "_stcore"
"""Streamlit's own: the connection, the health check, uploads."""
_FILES = ("static", "component", "app")
HEALTH = (CONNECTION, "health")
UPLOAD = (CONNECTION, "upload_file")


def parts(path: str) -> tuple[str, ...]:
    """A path piece by piece, without the base path that the server may have been given (`server.baseUrlPath`)."""
    found = tuple(path.strip("/").split("/"))
    base = tuple((config.get_option("server.baseUrlPath") or "").strip("/").split("/"))
    return found[len(base) :] if base != ("",) and found[: len(base)] == base else found


def is_page(path: str) -> bool:
    """True where a page of the app is asked for; every address that nothing else is served under shows one."""
    return parts(path)[:1] not in ((DOWNLOADS,), (CONNECTION,), *((each,) for each in _FILES))


def is_own_file(path: str) -> bool:
    """True for the proper address of one of Streamlit's own files, and for no other way of writing it."""
    folder, *inner = found = parts(path)
    return (
        folder == "static"
        and len(inner) == 2
        and "" not in found
        and not {".", ".."} & {*found}
        and path.endswith("/" + "/".join(found))
        and "//" not in path
    )


def is_download(path: str) -> bool:
    """True where a user's own download is asked for."""
    return parts(path)[:1] == (DOWNLOADS,)
