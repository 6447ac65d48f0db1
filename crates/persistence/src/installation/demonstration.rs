//! The servers that a demonstration may use (F4). A demonstration replaces the passwords of roles, which belong to the
//! whole server, and drops a database. It therefore requires a server without a municipality.

use crate::bootstrap::{APP, BootstrapError, with_database, with_login};
use crate::installation::reach;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_async::RunQueryDsl;
use secrecy::SecretString;

/// The reason why a server is not used for a demonstration.
#[derive(Debug, thiserror::Error)]
pub enum NoDemonstration {
    /// A database on the server belongs to a municipality.
    #[error(
        "the database {0} on this server is no demonstration: a demonstration wants a server of its own"
    )]
    Municipality(String),
    /// The database with the demonstration's name does not come from Enplan.
    #[error(
        "the database {0} on this server is not Enplan's: a demonstration wants a server of its own"
    )]
    Foreign(String),
    /// The roles belong to another installation.
    #[error(
        "the roles of Enplan on this server have other passwords than the keys of this demonstration: \
         a demonstration wants a server of its own, or, where its keys are lost, --fresh"
    )]
    Roles,
    /// The address is invalid.
    #[error(transparent)]
    Address(#[from] BootstrapError),
    /// The server cannot be reached.
    #[error("the database server cannot be reached")]
    Unreachable(#[from] diesel::ConnectionError),
    /// The server refused a query.
    #[error("the database server refused")]
    Refused(#[from] diesel::result::Error),
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Contents {
    #[diesel(sql_type = Bool)]
    filled: bool,
    #[diesel(sql_type = Bool)]
    ours: bool,
}

#[derive(QueryableByName)]
struct Whose {
    #[diesel(sql_type = Bool)]
    municipality: bool,
}

const DATABASES: &str =
    "SELECT datname::text AS name FROM pg_database WHERE datallowconn AND NOT datistemplate";
const ROLES: &str = "SELECT rolname::text AS name FROM pg_roles WHERE rolname = 'enplan_app'";
const CONTENTS: &str = "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace) AS filled, \
    EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.installation') AND attname = 'demonstration') AS ours";
const WHOSE: &str =
    "SELECT EXISTS (SELECT FROM installation WHERE NOT demonstration) AS municipality";

/// May a demonstration with these role passwords use this server and the database with this name on it? The check
/// changes nothing. `admin_url` names a superuser.
pub async fn ensure_demonstration(
    admin_url: &str,
    database: &str,
    app_password: &SecretString,
) -> Result<(), NoDemonstration> {
    let mut admin = reach(&with_database(admin_url, "postgres")?).await?;
    let databases: Vec<Name> = diesel::sql_query(DATABASES).load(&mut admin).await?;
    for Name { name } in databases {
        let mut conn = reach(&with_database(admin_url, &name)?).await?;
        let contents: Contents = diesel::sql_query(CONTENTS).get_result(&mut conn).await?;
        if contents.ours {
            let whose: Whose = diesel::sql_query(WHOSE).get_result(&mut conn).await?;
            if whose.municipality {
                return Err(NoDemonstration::Municipality(name));
            }
        } else if contents.filled && name == database {
            return Err(NoDemonstration::Foreign(name));
        }
    }
    let roles: Vec<Name> = diesel::sql_query(ROLES).load(&mut admin).await?;
    if !roles.is_empty() {
        let ours = with_login(admin_url, APP, app_password, "postgres")?;
        reach(&ours).await.map_err(|_| NoDemonstration::Roles)?;
    }
    Ok(())
}
