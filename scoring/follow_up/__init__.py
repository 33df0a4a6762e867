"""After the verdict: what is doubtful in the answers, the plan that closes gaps, and what moved since an earlier round."""
