//! What a set of compose files is for, and why one thinks so: the plain data of that judgement.

use super::said::Said;
use crate::text::Span;

/// What a set of compose files is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Intent {
    /// People edit code and look at it run.
    Development,
    /// Tests run in it and it ends.
    Test,
    /// A pipeline runs it.
    Ci,
    /// Others use what runs in it.
    Production,
    /// The signs do not say, or contradict each other.
    Unknown,
}

/// A judgement with its reasons.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The verdict.
    pub intent: Intent,
    /// Every sign that was seen, the weightiest first.
    pub reasons: Vec<IntentReason>,
    /// Whether `docker compose up` in the directory starts other files, so that these are for
    /// something special.
    pub is_aside: bool,
    /// Whether the development override that composelint wrote for this file lies beside it: people
    /// work with both.
    pub is_laid_under: bool,
}

/// A sign that was seen.
#[derive(Clone, Debug)]
pub struct IntentReason {
    /// What it speaks for.
    pub towards: Intent,
    /// How much.
    pub weight: u32,
    /// What was seen, to be read behind "because".
    pub text: String,
    /// Where, if it is written anywhere.
    pub span: Option<Span>,
}

/// What weighs no more proves nothing.
const HINT: u32 = 1;

impl Judgement {
    /// Takes the user's word for it.
    pub fn believe(&mut self, stated: &Said<Intent>) {
        let reason = IntentReason {
            towards: stated.value,
            weight: u32::MAX,
            text: "you say so".to_owned(),
            span: stated.span,
        };
        *self = Judgement {
            intent: stated.value,
            reasons: vec![reason],
            is_aside: false,
            is_laid_under: false,
        };
    }

    /// All weight that speaks for `intent`.
    pub fn weight(&self, intent: Intent) -> u32 {
        self.reasons
            .iter()
            .filter(|reason| reason.towards == intent)
            .map(|reason| reason.weight)
            .sum()
    }

    /// Whether advice for development fits: it is for development, or it may be and nothing but
    /// hints say otherwise. A file set that is restarted always and publishes port 443 is often the
    /// only one there is, and people work with it; where there is another one that starts by
    /// itself, or our own override, they work with that.
    pub fn may_be_development(&self) -> bool {
        if self.is_laid_under {
            return false;
        }
        let mut others = self
            .reasons
            .iter()
            .filter(|reason| reason.towards != Intent::Development);
        let may_be = self.intent == Intent::Unknown
            && !self.is_aside
            && others.all(|reason| reason.weight <= HINT);
        self.intent == Intent::Development || may_be
    }

    /// The reasons that speak for the verdict, the weightiest first.
    pub fn because(&self) -> impl Iterator<Item = &IntentReason> {
        self.reasons
            .iter()
            .filter(|reason| reason.towards == self.intent)
    }
}
