//! Errata as text.

use super::{Erratum, Evidence};
use std::fmt;

/// Width of the column of quantities.
const QUANTITY: usize = 72;

/// A line with the number, the place, the kind and the title, and a line for each piece of evidence.
impl fmt::Display for Erratum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<3} {}: {} ({})", self.number, self.place, self.title, self.kind.words())?;
        if !self.values.is_empty() {
            let values: Vec<String> = self.values.iter().map(|(name, value)| format!("{name} {value}")).collect();
            writeln!(f, "    {}", values.join(", "))?;
        }
        for evidence in &self.evidence {
            writeln!(f, "    {evidence}")?;
        }
        Ok(())
    }
}

/// One line: what, printed, corrected, independent with its standard error, and how.
impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let printed = self.printed.map_or_else(|| "-".into(), short);
        let mut independent = short(self.independent);
        if let Some(error) = self.standard_error {
            independent = format!("{independent} ± {error:.1e}");
        }
        let wrong = if self.is_confirmed() { "" } else { ", NOT CONFIRMED" };
        write!(
            f,
            "{:<QUANTITY$}  printed {printed:>12}  corrected {:>12}  by {} {independent}{wrong}",
            self.quantity,
            short(self.corrected),
            self.method.words(),
        )
    }
}

/// Six significant digits.
fn short(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let magnitude = value.abs().log10().floor();
    if (-4.0..6.0).contains(&magnitude) {
        let decimals = (5.0 - magnitude) as usize;
        let text = format!("{value:.decimals$}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').into() } else { text }
    } else {
        format!("{value:.5e}")
    }
}
