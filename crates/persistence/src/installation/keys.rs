//! The keys belong to the database (F5). With other keys its CPR numbers could be neither opened nor found, and a
//! registered number could be registered again.

use crate::schema::installation_key::dsl;
use crate::vault::{Fingerprint, Vault};
use diesel::QueryResult;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// The reason why these keys do not belong to this database.
#[derive(Debug, thiserror::Error)]
pub enum KeysMismatch {
    /// The look-up key differs.
    #[error("the look-up key is not that of this database: use the keys.json that was made for it")]
    LookUp,
    /// A sealing key differs from the recorded key with the same number.
    #[error(
        "the sealing key {0} is not that of this database: use the keys.json that was made for it"
    )]
    Sealing(i16),
    /// A sealing key is missing, and values may be sealed with it.
    #[error(
        "the sealing key {0} is missing: values of this database are sealed with it, and it stays in keys.json"
    )]
    Missing(i16),
    /// The database did not respond.
    #[error("the fingerprints of the keys cannot be read")]
    Unreadable(#[source] diesel::result::Error),
}

struct Known {
    purpose: String,
    id: i16,
    digest: Vec<u8>,
    used: bool,
}

/// Do these keys belong to this database? If the database has no recorded keys, all keys do.
pub(super) async fn compare(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
) -> Result<(), KeysMismatch> {
    let columns = (dsl::purpose, dsl::id, dsl::fingerprint, dsl::used);
    let known: Vec<(String, i16, Vec<u8>, bool)> = dsl::installation_key
        .select(columns)
        .order(dsl::id)
        .load(conn)
        .await
        .map_err(KeysMismatch::Unreadable)?;
    let known: Vec<Known> = known
        .into_iter()
        .map(|(purpose, id, digest, used)| Known { purpose, id, digest, used })
        .collect();
    judge(&known, vault.fingerprints())
}

fn judge(known: &[Known], held: &[Fingerprint]) -> Result<(), KeysMismatch> {
    for known in known {
        let held = held.iter().find(|held| held.purpose == known.purpose && held.id == known.id);
        match held {
            Some(held) if held.digest == known.digest => {}
            Some(_) if known.purpose == "sealing" => return Err(KeysMismatch::Sealing(known.id)),
            Some(_) => return Err(KeysMismatch::LookUp),
            None if known.used => return Err(KeysMismatch::Missing(known.id)),
            None => {}
        }
    }
    Ok(())
}

/// Records each key once, and which sealing key may be in use from now on.
pub(super) async fn note(conn: &mut AsyncPgConnection, vault: &Vault) -> QueryResult<()> {
    for key in vault.fingerprints() {
        diesel::insert_into(dsl::installation_key)
            .values((
                dsl::purpose.eq(key.purpose),
                dsl::id.eq(key.id),
                dsl::fingerprint.eq(&key.digest),
                dsl::used.eq(key.used),
            ))
            .on_conflict((dsl::purpose, dsl::id))
            .do_nothing()
            .execute(conn)
            .await?;
        if key.used {
            diesel::update(dsl::installation_key.find((key.purpose, key.id)))
                .filter(dsl::used.eq(false))
                .set(dsl::used.eq(true))
                .execute(conn)
                .await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::SealingKey;

    fn vault(sealing: &[(i16, u8)], lookup: u8) -> Vault {
        let keys: Vec<SealingKey> =
            sealing.iter().map(|(id, byte)| SealingKey { id: *id, secret: [*byte; 32] }).collect();
        Vault::new(&keys, &[lookup; 32]).unwrap()
    }

    fn judged(noted: &Vault, held: &Vault) -> String {
        let known: Vec<Known> = noted
            .fingerprints()
            .iter()
            .map(|key| Known {
                purpose: key.purpose.to_owned(),
                id: key.id,
                digest: key.digest.clone(),
                used: key.used,
            })
            .collect();
        judge(&known, held.fingerprints())
            .map_or_else(|error| format!("{error:?}"), |()| "fit".to_owned())
    }

    #[test]
    fn f05_keys_fit_the_database_that_noted_them() {
        let noted = vault(&[(2, 20), (1, 10)], 9);
        for (sealing, lookup, told) in [
            (&[(2, 20), (1, 10)][..], 9, "fit"),
            (&[(1, 10), (2, 20)], 9, "fit"),
            (&[(3, 30), (2, 20), (1, 10)], 9, "fit"),
            (&[(2, 20)], 9, "fit"),
            (&[(1, 10)], 9, "Missing(2)"),
            (&[(2, 21), (1, 10)], 9, "Sealing(2)"),
            (&[(2, 20), (1, 11)], 9, "Sealing(1)"),
            (&[(2, 20), (1, 10)], 8, "LookUp"),
        ] {
            assert_eq!(judged(&noted, &vault(sealing, lookup)), told, "{sealing:?} {lookup}");
        }
    }

    #[test]
    fn f05_a_fingerprint_is_not_the_key_and_differs_by_purpose() {
        let one = vault(&[(1, 7)], 7);
        let [sealing, lookup] = one.fingerprints() else { panic!("two keys") };
        assert_ne!(sealing.digest, lookup.digest);
        assert!(!sealing.digest.windows(8).any(|part| part == [7; 8]));
    }
}
