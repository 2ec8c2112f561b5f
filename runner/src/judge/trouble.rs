//! What can be wrong with a run as a whole.

/// Why a run as a whole says nothing good, whatever its tests say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The binary holds none of the tests asked for.
    NoTests,
    /// The binary holds other tests than the suite.
    OtherTests {
        /// Tests of the suite.
        expected: usize,
        /// Tests of the binary.
        found: usize,
    },
    /// It ran until it was killed, in this test as far as one can see.
    Hangs(Option<String>),
    /// It ended by a signal.
    Signal(i32, Option<String>),
    /// It left with this code before libtest could count.
    LeftEarly(i32, Option<String>),
    /// The kit and libtest do not say the same of this test.
    Disagreement {
        /// The test.
        test: String,
        /// Whether the kit recorded it as passed; none when it left no record.
        kit: Option<bool>,
        /// Whether libtest says that it passed.
        libtest: bool,
    },
    /// libtest's count, or the code the process left with, is not that of the tests.
    Miscounted,
    /// There is a record of this test that the kit did not write.
    Foreign(String),
}

impl Trouble {
    /// The test that took the process with it.
    pub fn culprit(&self) -> Option<&str> {
        match self {
            Trouble::Signal(_, test) | Trouble::LeftEarly(_, test) => {
                test.as_deref()
            }
            _ => None,
        }
    }
}
