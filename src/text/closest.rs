//! The name that a wrong one was probably meant to be.

/// Longer names are not compared.
const LONGEST: usize = 64;

/// The known name that a wrong one was probably meant to be: the same but for case and separators,
/// or but for a few letters. Nothing when two are equally close, for a person has to choose then.
pub fn closest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let wrong = plain(name);
    if wrong.is_empty() || wrong.len() > LONGEST {
        return None;
    }
    let close = known
        .into_iter()
        .filter(|other| *other != name && other.len() <= LONGEST)
        .filter_map(|other| {
            let right = plain(other);
            let most = wrong.len().max(right.len()).div_ceil(4).min(3);
            let distance = distance(&wrong, &right);
            (distance <= most && distance < wrong.len().min(right.len()))
                .then_some((distance, other))
        });
    let mut close: Vec<(usize, &str)> = close.collect();
    close.sort_unstable();
    close.dedup();
    match close.as_slice() {
        [(_, only)] => Some(only),
        [(first, meant), (second, _), ..] if first < second => Some(meant),
        _ => None,
    }
}

fn plain(name: &str) -> Vec<char> {
    name.chars()
        .filter(|letter| !matches!(letter, '-' | '_' | '.'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// How many letters are to be put in, taken out, changed or swapped with their neighbour to get
/// from one to the other.
fn distance(one: &[char], two: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=two.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in two.iter().enumerate() {
            let mut least = (last[j] + usize::from(a != b))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && one[i - 1] == *b && two[j - 1] == *a {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[two.len()]
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn a_slip_of_the_pen_is_seen() {
        assert_eq!(closest("rediss", ["redis", "db"]), Some("redis"));
        assert_eq!(closest("dbb", ["redis", "db"]), Some("db"));
        assert_eq!(
            closest("postgers_data", ["postgres-data", "redis-data"]),
            Some("postgres-data")
        );
        assert_eq!(
            closest("volumnes", ["volumes", "volumes_from"]),
            Some("volumes")
        );
    }

    #[test]
    fn another_name_is_another_name() {
        assert_eq!(closest("book-api-admin", ["book-api-db"]), None);
        assert_eq!(closest("api", ["app"]), Some("app"));
        assert_eq!(closest("db", ["es", "mq"]), None);
        assert_eq!(closest("web", ["db"]), None);
    }

    #[test]
    fn of_two_that_are_equally_close_none_is_chosen() {
        assert_eq!(closest("db3", ["db1", "db2"]), None);
        assert_eq!(closest("dbb", ["db", "db"]), Some("db"));
    }
}
