//! Each policy matters: somebody loses a row if it is taken away, and gains one if it is true.

use crate::sql::Prompt;
use test_support::TestDatabase;

#[tokio::test]
async fn a6_a_policy_that_is_taken_away_or_always_true_is_noticed() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    admin.run(include_str!("policies.sql")).await;
    assert_eq!(
        admin.column("SELECT change FROM unnoticed ORDER BY 1").await,
        [
            // Everybody reads the catalogue.
            "app_read on catalogue_entry: enplan_app gains no row if it is true",
            "app_read on catalogue_excludes: enplan_app gains no row if it is true",
            "app_read on catalogue_places: enplan_app gains no row if it is true",
            "app_read on catalogue_presumes: enplan_app gains no row if it is true",
            // Everybody who reads a young person may lock the row. A trigger checks what changes.
            "app_update on young_person: enplan_app gains no row if it is true",
        ]
    );
    assert!(admin.value("SELECT count(*) FROM pg_policy").await.parse::<u32>().unwrap() > 300);
}
