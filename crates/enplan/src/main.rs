//! Enplan: one joint plan for every young person, shared by the departments that work with them.

mod demo;
mod install;
mod keys;
mod rights;
mod serve;
mod settings;
mod signals;
mod telemetry;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use persistence::bootstrap::{WORKER, create_database, create_roles, with_login};
use persistence::installation::{claim, ensure_keys};
use persistence::migrations::{self, Schema};
use persistence::sql_source::{self, Source};
use settings::ServeOptions;
use std::error::Error as StdError;
use std::path::PathBuf;
use std::process::ExitCode;

/// One joint plan for every young person.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a whole municipality on this machine: a PostgreSQL of its own, made-up people, all accounts.
    Demo(demo::DemoOptions),
    /// Serve a database that is migrated.
    Serve(ServeOptions),
    /// Tell what is wrong with the configuration, and nothing else.
    CheckConfig(ServeOptions),
    /// Bring a database up to date, as a superuser or a member of `enplan_owner`.
    Migrate {
        /// The database, with a login that may.
        #[arg(long, env = "ENPLAN_DATABASE_URL", hide_env_values = true)]
        database_url: String,
    },
    /// Make the database and the roles, with the passwords that lie with the keys, as a superuser.
    Bootstrap {
        /// The database to make, with a superuser's login.
        #[arg(long, env = "ENPLAN_DATABASE_URL", hide_env_values = true)]
        database_url: String,
        /// The folder of the keys.
        #[arg(long, env = "ENPLAN_KEYS")]
        keys: PathBuf,
    },
    /// Load a municipality (units, employees, catalogue) into a database that has none.
    Install {
        /// The municipality, as JSON: see crates/enplan/data/municipality.json.
        file: PathBuf,
        /// The database, as for `serve`.
        #[command(flatten)]
        options: ServeOptions,
    },
    /// Appoint an administrator if there is at most one, and print their one-time pass phrase.
    AppointAdministrator {
        /// The user name of the employee.
        username: String,
        /// The database, as for `serve`.
        #[command(flatten)]
        options: ServeOptions,
    },
    /// Reset an administrator's pass phrase if there are fewer than two other administrators, and print a one-time pass
    /// phrase.
    ResetPassword {
        /// The user name of the administrator.
        username: String,
        /// The database, as for `serve`.
        #[command(flatten)]
        options: ServeOptions,
    },
    /// Make new keys in a folder that has none.
    Keys {
        /// Where.
        folder: PathBuf,
    },
    /// Print the SQL of the database with its macros expanded.
    Sql {
        /// One file, such as plans/views.sql; without it, all.
        #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "")]
        expand: String,
    },
    /// Print the OpenAPI document.
    Openapi,
    /// Print who may do what, as docs/ACCESS.md.
    Access,
    /// Print every kind of problem, as docs/ERRORS.md.
    Errors,
}

fn main() -> ExitCode {
    let ended = match Cli::try_parse() {
        Ok(cli) => run(cli.command),
        // Help, version, and how to call it, as clap tells them.
        Err(error) if !is_of_a_value(&error) => error.exit(),
        Err(error) => Err(first_line(&error).into()),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("enplan: {}", persistence::causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// Is it a setting, as it may come from the environment, that does not fit?
fn is_of_a_value(error: &clap::Error) -> bool {
    matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue)
}

fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

fn run(command: Command) -> Result<(), Box<dyn StdError>> {
    match command {
        Command::Demo(options) => actix_web::rt::System::new().block_on(demo::run(options)),
        Command::Serve(options) => actix_web::rt::System::new().block_on(serve::run(options)),
        Command::CheckConfig(options) => {
            actix_web::rt::System::new().block_on(serve::check(options))
        }
        Command::Migrate { database_url } => {
            actix_web::rt::System::new().block_on(migrate(&database_url))
        }
        Command::Bootstrap { database_url, keys } => {
            actix_web::rt::System::new().block_on(bootstrap(&database_url, &keys))
        }
        Command::Install { file, options } => {
            actix_web::rt::System::new().block_on(install::run(&file, options))
        }
        Command::AppointAdministrator { username, options } => {
            actix_web::rt::System::new().block_on(rights::appoint_administrator(&username, options))
        }
        Command::ResetPassword { username, options } => {
            actix_web::rt::System::new().block_on(rights::reset_password(&username, options))
        }
        Command::Keys { folder } => Ok(keys::Keys::make(&folder, false).map(|_| ())?),
        Command::Sql { expand } => print_sql(&expand),
        Command::Openapi => {
            println!(
                "{}",
                serde_json::to_string_pretty(&serde_json::to_value(api::openapi::document())?)?
            );
            Ok(())
        }
        Command::Access => {
            print!("{}", domain::access::policy::as_markdown());
            Ok(())
        }
        Command::Errors => {
            print!("{}", api::problem::catalogue::as_markdown());
            Ok(())
        }
    }
}

/// Prints the expansion of one file, or of all if no name is given.
fn print_sql(file: &str) -> Result<(), Box<dyn StdError>> {
    let expanded = sql_source::expand(&Schema::of_this_program().sources)?;
    let is_wanted = |source: &&Source| file.is_empty() || file == source.name;
    let mut wanted = expanded.iter().filter(is_wanted).peekable();
    if wanted.peek().is_none() {
        return Err(format!("there is no file {file}").into());
    }
    for Source { name, text } in wanted {
        println!("-- {name}\n\n{}\n", text.trim());
    }
    Ok(())
}

/// Creates everything that `serve` needs on a server. It first checks that the keys belong to the database, because it
/// changes the passwords of the roles (F5).
async fn bootstrap(database_url: &str, keys: &std::path::Path) -> Result<(), Box<dyn StdError>> {
    let keys = keys::Keys::read(keys)?;
    let name = url::Url::parse(database_url)?.path().trim_start_matches('/').to_owned();
    ensure_keys(database_url, &keys.vault()?, keys.demonstration).await?;
    Ok(tell_waiting(&make(database_url, &name, &keys).await?)?)
}

/// Creates the roles and the database, migrates it, and records which installation it belongs to. Returns the
/// partitions that could not be attached yet.
async fn make(
    admin_url: &str,
    name: &str,
    keys: &keys::Keys,
) -> Result<Vec<String>, Box<dyn StdError>> {
    let passwords = keys.role_passwords();
    create_roles(admin_url, &passwords).await?;
    create_database(admin_url, name).await?;
    let waiting = migrations::run(admin_url).await?;
    let worker_url = with_login(admin_url, WORKER, &passwords.worker, name)?;
    claim(&worker_url, &keys.vault()?, keys.demonstration).await?;
    Ok(waiting)
}

/// Migrates the database, and prints the partitions that could not be attached yet.
async fn migrate(database_url: &str) -> Result<(), Box<dyn StdError>> {
    Ok(tell_waiting(&migrations::run(database_url).await?)?)
}

fn tell_waiting(waiting: &[String]) -> std::io::Result<()> {
    if !waiting.is_empty() {
        serve::print_line(&format!(
            "somebody reads the logs: {} partitions are attached by `enplan serve` when they have ended ({})",
            waiting.len(),
            waiting.join(", ")
        ))?;
    }
    Ok(())
}
