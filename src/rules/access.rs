//! Who someone is, and what each role may do.

use crate::rules::stage::Stage;
use crate::rules::zone::Zone;

crate::words! {
    /// What a person comes for.
    pub enum Role { Rep = "rep", Manager = "manager", Marketing = "marketing", Admin = "admin" }
}

impl Role {
    pub fn label(self) -> &'static str {
        match self {
            Role::Rep => "Rep",
            Role::Manager => "Manager",
            Role::Marketing => "Marketing",
            Role::Admin => "Admin",
        }
    }
}

/// The person who asks.
#[derive(Debug, Clone)]
pub struct Me {
    pub id: i64,
    /// As pages and addresses name them.
    pub uid: String,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// Their own zone, else their team's, else the workspace's.
    pub zone: Zone,
    /// The teams they belong to today, the newest membership first.
    pub teams: Vec<i64>,
    /// For a manager, who belongs to one of these teams today, or did on their last day; for others nobody.
    pub managed: Vec<i64>,
    /// Whether keys of one letter do something on their pages.
    pub has_letter_keys: bool,
}

impl Me {
    /// Whether their role is one of these.
    pub fn is_one_of(&self, roles: &[Role]) -> bool {
        roles.contains(&self.role)
    }

    /// Whether they may give leads to somebody by hand: a rep to themselves, a manager also to whom they manage.
    pub fn may_give_to(&self, person_id: i64) -> bool {
        match self.role {
            Role::Admin => true,
            Role::Manager => person_id == self.id || self.manages(person_id),
            Role::Rep => person_id == self.id,
            Role::Marketing => false,
        }
    }

    /// Whether a lead of somebody's, or of nobody's, in a stage is theirs to see (PRODUCT.md 1): as `leads::store::visible_to`
    /// asks the database.
    pub fn sees_lead(&self, owner_id: Option<i64>, stage: Stage) -> bool {
        match (self.role, owner_id) {
            (Role::Admin | Role::Marketing, _) => true,
            (Role::Rep | Role::Manager, None) => stage != Stage::Nurture,
            (Role::Rep, Some(owner)) => owner == self.id,
            (Role::Manager, Some(owner)) => owner == self.id || self.managed.contains(&owner),
        }
    }

    /// Whether somebody's work is theirs to look after.
    pub fn manages(&self, person_id: i64) -> bool {
        self.role == Role::Admin || self.managed.contains(&person_id)
    }
}

/// Who may ask for a page: each row of the route table names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, signed in or not.
    Anyone,
    /// Everybody, and only until the workspace is set up.
    BeforeSetUp,
    /// Who is signed in with one of these roles.
    Only(&'static [Role]),
}

/// Everybody who is signed in.
pub const PEOPLE: Access = Access::Only(&[Role::Rep, Role::Manager, Role::Marketing, Role::Admin]);
/// Who may log activities and has targets.
pub const LOGGERS: Access = Access::Only(&[Role::Rep, Role::Manager, Role::Admin]);
/// Who sets targets.
pub const MANAGERS: Access = Access::Only(&[Role::Manager, Role::Admin]);
/// Who hands over leads.
pub const MARKETERS: Access = Access::Only(&[Role::Marketing, Role::Admin]);
/// Who reads what became of leads.
pub const READERS: Access = Access::Only(&[Role::Manager, Role::Marketing, Role::Admin]);
pub const ADMINS: Access = Access::Only(&[Role::Admin]);

/// What a request is met with before its handler runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    Open,
    SignIn,
    Forbidden,
    NotFound,
}

impl Access {
    /// Whether somebody of this role, signed in, may ask: for links that lead to the page.
    pub fn allows(self, role: Role) -> bool {
        self.gate(Some(role), true) == Gate::Open
    }

    /// Decides by who asks (their role, or nobody) and whether the workspace is set up.
    pub fn gate(self, role: Option<Role>, is_set_up: bool) -> Gate {
        match (self, role) {
            (Access::Anyone, _) => Gate::Open,
            (Access::BeforeSetUp, _) if is_set_up => Gate::NotFound,
            (Access::BeforeSetUp, _) => Gate::Open,
            (Access::Only(_), None) => Gate::SignIn,
            (Access::Only(roles), Some(role)) if roles.contains(&role) => Gate::Open,
            (Access::Only(_), Some(_)) => Gate::Forbidden,
        }
    }
}
