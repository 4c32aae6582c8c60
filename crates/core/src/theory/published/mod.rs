//! Formulas as the paper prints them.
