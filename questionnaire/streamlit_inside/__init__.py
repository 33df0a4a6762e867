"""Everything that touches Streamlit's (and plotly's) insides."""
