"""Everything that touches Streamlit's insides."""
