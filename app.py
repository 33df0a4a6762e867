"""The front door: `streamlit run app.py`.

The server imports it, for the application that it serves; Streamlit runs it as a script, for each page that a user sees.
"""

import streamlit as st
from starlette.middleware import Middleware

from questionnaire.assets import CompressedOnce
from questionnaire.first_page import FirstPage
from questionnaire.navigation import run
from questionnaire.server import lifespan, show_error

if __name__ == "__main__":
    run()
else:
    app = st.App(__file__, lifespan=lifespan, middleware=[Middleware(CompressedOnce), Middleware(FirstPage)], on_script_error=show_error)
