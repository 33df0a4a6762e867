"""The front door: `streamlit run app.py`."""

from questionnaire.navigation import run

run()
