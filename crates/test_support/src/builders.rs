//! Young people, plans and referrals, made through the interface by those who would make them.

use crate::app::TestApp;
use crate::client::Answer;
use domain::courses::Cvr;
use serde_json::{Value, json};
use uuid::Uuid;

/// A young person with an open plan.
#[derive(Debug, Clone, Copy)]
pub struct OpenCase {
    /// Who.
    pub young_person: Uuid,
    /// Their plan.
    pub plan: Uuid,
    /// The plan's version.
    pub version: i64,
}

/// The replacement number (day + 60, so nobody's) of somebody born on 14 May 2006.
pub(crate) fn number(serial: u32) -> String {
    format!("740506{}{:03}", 4 + serial / 1000, serial % 1000)
}

/// A made-up number that modulus 11 divides: a company of its own for each serial.
fn cvr(serial: u32) -> String {
    let first = 40_000_000 + serial * 100;
    let number = (first..first + 100).map(|number| number.to_string());
    number.into_iter().find(|number| Cvr::parse(number).is_ok()).expect("a CVR number")
}

impl TestApp {
    /// A company that no intervention of this database runs at.
    #[must_use]
    pub fn company(&self) -> Value {
        let cvr = cvr(self.next_number());
        json!({ "cvr": cvr, "name": "Savværket", "supervisor": { "name": "Karen Savmester" } })
    }

    /// A CPR number that nobody in this database has; of somebody who is 20.
    #[must_use]
    pub fn fresh_number(&self) -> String {
        number(self.next_number())
    }

    /// A body that registers somebody at the unit of `who`.
    #[must_use]
    pub fn registration(&self, who: &str) -> Value {
        let serial = self.next_number();
        json!({
            "cpr": number(serial), "givenName": "Freja", "familyName": format!("Prøvesen {serial}"),
            "unitId": self.unit_of(who),
        })
    }

    /// Gives a role by two people: `admin` proposes it and `admin2` confirms it. Returns the response to the
    /// confirmation.
    pub async fn give_role(&self, employee: Uuid, role: &str, unit: &str) -> Answer {
        let body = json!({ "role": role, "unitId": self.unit(unit) });
        let path = format!("/api/v1/employees/{employee}/roles");
        let proposed = self.as_("admin").post(&path, body).await.expect(201);
        self.confirm("admin2", &proposed.pending("role")).await
    }

    /// Confirms a request for rights.
    pub async fn confirm(&self, who: &str, request: &Value) -> Answer {
        let id = request["id"].as_str().expect("an id");
        let version = request["version"].as_i64().expect("a version");
        let path = format!("/api/v1/rights-requests/{id}/confirm");
        self.as_(who).post_nothing(&path).if_match(version).await
    }

    /// A made-up person of 20, registered by `who`.
    pub async fn young_person(&self, who: &str) -> Answer {
        self.as_(who).post("/api/v1/young-people", self.registration(who)).await.expect(201)
    }

    /// A draft plan of `young_person` that can be activated: a goal, own words, and `who` coordinates.
    pub async fn plan(&self, who: &str, young_person: Uuid) -> Answer {
        let body = json!({
            "purpose": "At komme i gang.", "ownWords": "Jeg vil gerne være tømrer.",
            "coordinatorId": self.employee(who), "goals": [goal()],
        });
        self.as_(who)
            .post(&format!("/api/v1/young-people/{young_person}/plans"), body)
            .await
            .expect(201)
    }

    /// A new young person of `who` with a draft plan.
    pub async fn draft(&self, who: &str) -> OpenCase {
        let young_person = self.young_person(who).await.id();
        let plan = self.plan(who, young_person).await;
        OpenCase { young_person, plan: plan.id(), version: plan.version() }
    }

    /// A new young person of `who` with an active plan.
    pub async fn active_plan(&self, who: &str) -> OpenCase {
        let draft = self.draft(who).await;
        let path = format!("/api/v1/plans/{}/activate", draft.plan);
        let plan = self.as_(who).post_nothing(&path).if_match(draft.version).await.expect(200);
        OpenCase { version: plan.version(), ..draft }
    }

    /// Lets the unit of `participant` take part, with them as its named person.
    pub async fn participant(&self, who: &str, plan: Uuid, participant: &str) -> Answer {
        let body = json!({ "unitId": self.unit_of(participant), "employeeId": self.employee(participant) });
        self.as_(who).post(&format!("/api/v1/plans/{plan}/participants"), body).await.expect(201)
    }

    /// A referral to an offer of the catalogue, from today on; waiting where no place is free.
    pub async fn referral(&self, who: &str, plan: Uuid, catalogue_code: &str) -> Answer {
        let body = json!({
            "catalogueCode": catalogue_code, "plannedStart": self.today(), "responsibleId": self.employee(who),
        });
        self.as_(who).post(&format!("/api/v1/plans/{plan}/interventions"), body).await.expect(201)
    }

    /// The same, started today; at a company of its own where the offer is company-oriented.
    pub async fn started(&self, who: &str, plan: Uuid, catalogue_code: &str) -> Answer {
        let mut referral = self.referral(who, plan, catalogue_code).await;
        let offer = format!("/api/v1/intervention-catalogue/{catalogue_code}");
        if self.as_(who).get(&offer).await.body["companyOriented"] == true {
            let path = format!("/api/v1/interventions/{}/company", referral.id());
            let named = self.as_(who).put(&path, self.company());
            referral = named.if_match(referral.version()).await.expect(200);
        }
        let path = format!("/api/v1/interventions/{}/start", referral.id());
        self.as_(who)
            .post(&path, json!({ "on": self.today() }))
            .if_match(referral.version())
            .await
            .expect(200)
    }

    /// The day at which the clock stands.
    #[must_use]
    pub fn today(&self) -> String {
        domain::calendar::day_of(self.now()).to_string()
    }
}

/// A goal that is complete.
fn goal() -> Value {
    json!({ "area": "education", "wishedResult": "Er begyndt på EUD.", "targetDate": "2027-08-01" })
}
