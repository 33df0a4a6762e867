"""The front door: `streamlit run app.py`.

The server imports it, for the application that it serves; Streamlit runs it as a script, for each page that a user sees.
"""

import streamlit as st
from starlette.middleware import Middleware

from questionnaire.navigation import run
from questionnaire.server import lifespan, prepare, show_error
from questionnaire.streamlit_inside.assets import CompressedOnce
from questionnaire.streamlit_inside.headers import SafeHeaders
from questionnaire.streamlit_inside.origin import OwnOrigin
from questionnaire.streamlit_inside.uploads import LimitedUploads

if __name__ == "__main__":
    run()
else:
    prepare()
    before_streamlit = [Middleware(layer) for layer in (SafeHeaders, OwnOrigin, CompressedOnce, LimitedUploads)]
    app = st.App(__file__, lifespan=lifespan, middleware=before_streamlit, on_script_error=show_error)
