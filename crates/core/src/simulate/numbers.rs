//! How sums come back from a list of numbers.

/// Numbers that are read one after the other.
pub(super) struct Numbers<'a> {
    rest: &'a [f64],
}

impl<'a> Numbers<'a> {
    pub(super) fn of(rest: &'a [f64]) -> Numbers<'a> {
        Numbers { rest }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn next(&mut self) -> Option<f64> {
        Some(self.take(1)?[0])
    }

    /// The next number if it counts something.
    pub(super) fn count(&mut self) -> Option<usize> {
        let number = self.next()?;
        (number >= 0.0 && number <= 2_f64.powi(53) && number.fract() == 0.0).then_some(number as usize)
    }

    pub(super) fn take(&mut self, count: usize) -> Option<&'a [f64]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }
}
