//! What the demonstration tells when it is ready.

use super::PASS_PHRASE;
use crate::serve::Running;
use persistence::organisation::LoadedAccount;
use serde_json::{Value, json};
use std::fmt::{self, Write as _};
use std::path::Path;

/// All there is to tell.
pub struct Ready<'a> {
    pub running: &'a Running,
    pub database_url: &'a str,
    pub data: &'a Path,
    pub accounts: &'a [LoadedAccount],
}

impl Ready<'_> {
    /// In one line, for programs.
    pub fn as_json(&self) -> String {
        let accounts: Vec<Value> = self
            .accounts
            .iter()
            .map(|account| {
                json!({
                    "username": account.username, "employeeId": account.employee, "unitId": account.unit,
                    "unit": account.unit_code, "roles": account.roles,
                })
            })
            .collect();
        json!({
            "url": self.running.url(), "metricsUrl": self.running.metrics_url(), "databaseUrl": self.database_url,
            "dataDir": self.data, "accounts": accounts,
        })
        .to_string()
    }

    /// For people: address, accounts, and three requests that work when pasted.
    pub fn as_page(&self) -> Result<String, fmt::Error> {
        let url = self.running.url();
        let mut page = String::new();
        writeln!(
            page,
            "\nEnplan is ready: {url}\nDocumentation:   {url}/docs/\nData folder:     {}\nDatabase:        {}",
            self.data.display(),
            self.database_url
        )?;
        writeln!(page, "\nAccounts (pass phrase `{PASS_PHRASE}`):")?;
        for account in self.accounts {
            let roles: Vec<&str> = account.roles.iter().map(AsRef::as_ref).collect();
            writeln!(
                page,
                "  {:<22} {:<24} {}",
                account.username,
                roles.join(", "),
                account.unit_code
            )?;
        }
        write!(
            page,
            "\nThree requests to paste, in this order:\n\
             \n  TOKEN=$(curl -s {url}/api/v1/session -H 'Content-Type: application/json' \\\n    \
             -d '{{\"username\": \"jv.sagsbehandler\", \"password\": \"{PASS_PHRASE}\"}}' | sed 's/.*\"accessToken\":\"\\([^\"]*\\).*/\\1/')\n\
             \n  PAW=$(curl -s {url}/api/v1/young-people/search -H \"Authorization: Bearer $TOKEN\" \\\n    \
             -H 'Content-Type: application/json' -d '{{\"text\": \"paw\"}}' | sed 's/.*\"items\":\\[{{\"id\":\"\\([^\"]*\\).*/\\1/')\n\
             \n  curl -s {url}/api/v1/young-people/$PAW/case-file -H \"Authorization: Bearer $TOKEN\"\n\
             \nCtrl-C ends it; the data stay."
        )?;
        Ok(page)
    }
}
