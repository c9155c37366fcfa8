//! Words that say something about people, in the shop's languages.
//!
//! A list knows words, not what is meant: "baby spinach" has no baby in it, and
//! "for two from now on" says it without any word of a list. So most entries are
//! only asked about, and what a shop knows itself ([`crate`]'s `[sensitive]`:
//! departments, products, words of its own) counts more. Words are compared
//! whole, in small letters, as they are usually typed (NFC).

/// What a word says something about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// Illness, pregnancy, the body.
    Health,
    /// Religion.
    Belief,
    /// Somebody's children.
    Children,
    /// One person's account: points, what they bought.
    Account,
}

impl About {
    /// As part of a sentence.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Health => "somebody's health",
            Self::Belief => "somebody's belief",
            Self::Children => "somebody's children",
            Self::Account => "one person's name, points or purchases",
        }
    }

    /// The class that such words belong in, as files spell it.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Health | Self::Belief | Self::Children => "sensitive",
            Self::Account => "personal",
        }
    }
}

/// Words that mean nothing else on a screen.
pub(crate) const SURE: &[(About, &[&str])] = &[
    (
        About::Health,
        &[
            // Vietnamese
            "tiểu đường",
            "đái tháo đường",
            "huyết áp",
            "ung thư",
            "que thử thai",
            "mang thai",
            "bà bầu",
            "thai kỳ",
            "bao cao su",
            "tránh thai",
            "trầm cảm",
            "viêm gan",
            "mãn kinh",
            "táo bón",
            "béo phì",
            // English
            "hiv",
            "diabetes",
            "diabetic",
            "diabetics",
            "blood pressure",
            "cancer",
            "pregnancy",
            "pregnant",
            "condom",
            "condoms",
            "contraception",
            "contraceptive",
            "contraceptives",
            "depression",
            "hepatitis",
            "haemorrhoids",
            "hemorrhoids",
            "incontinence",
            "menopause",
            "constipation",
            "obesity",
        ],
    ),
    (
        About::Belief,
        &[
            "công giáo",
            "tin lành",
            "hồi giáo",
            "phật tử",
            "catholics",
            "muslims",
            "buddhists",
            "christians",
            "jews",
            "hindus",
        ],
    ),
    (
        About::Children,
        &[
            "con bạn",
            "bé nhà bạn",
            "your baby",
            "your child",
            "your children",
            "your kids",
        ],
    ),
    (
        About::Account,
        &[
            "điểm của bạn",
            "quen của bạn",
            "bạn hay mua",
            "bạn đã mua",
            "tên bạn",
            "your points",
            "your usual",
            "you always take",
            "you always buy",
            "you bought",
            "your last purchase",
            "your name",
        ],
    ),
];

/// Words that may mean something else: asked about.
pub(crate) const MAYBE: &[(About, &[&str])] = &[
    (
        About::Health,
        &[
            "thuốc",
            "bệnh",
            "giảm cân",
            "dị ứng",
            "sức khỏe",
            "medicine",
            "slimming",
            "weight loss",
            "allergy",
            "allergies",
            "health",
        ],
    ),
    (
        About::Belief,
        &[
            "ăn chay",
            "phật",
            "nhà thờ",
            "ramadan",
            "halal",
            "kosher",
            "church",
        ],
    ),
    (
        About::Children,
        &[
            "em bé",
            "trẻ em",
            "trẻ sơ sinh",
            "bỉm",
            "tã",
            "baby",
            "babies",
            "nappies",
            "diapers",
            "toddler",
            "toddlers",
            "infant",
            "infants",
            "kids",
            "children",
        ],
    ),
    (About::Account, &["điểm thưởng", "điểm tích lũy", "points"]),
];

/// The first word of a list that stands in a text, whole.
pub(crate) fn found<'w>(text: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let text = spaced(text);
    let mut words = words.into_iter();
    words.find(|word| text.contains(&spaced(word)))
}

/// In small letters, everything but letters and digits as one space, and a
/// space at either end.
fn spaced(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let mut spaced = " ".to_owned();
    for word in words.filter(|w| !w.is_empty()) {
        spaced.push_str(word);
        spaced.push(' ');
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_in_any_case_and_only_then() {
        for (text, word, is_found) in [
            ("Đường cho người TIỂU ĐƯỜNG!", "tiểu đường", true),
            ("Diabetes-friendly bread", "diabetes", true),
            ("Kids' lunch", "kids", true),
            ("Healthy greens", "health", false),
            ("Kidskin gloves", "kids", false),
            ("a  weight\nloss plan", "weight loss", true),
        ] {
            assert_eq!(found(text, [word]).is_some(), is_found, "{text}");
        }
    }

    #[test]
    fn no_word_is_listed_twice_and_each_is_found_in_itself() {
        let mut seen = std::collections::BTreeSet::new();
        for (_, words) in SURE.iter().chain(MAYBE) {
            for word in *words {
                assert!(seen.insert(*word), "{word}");
                assert_eq!(found(word, [*word]), Some(*word));
            }
        }
    }
}
