//! Who is calling: a paired partner proves it by its signature, a partner with the base protocol is told by what it
//! names. Everybody else is refused.

use chrono::Utc;
use console_db::entity::partner;
use console_db::{instances, naive, pairings, partners as rows, projects, tasks};
use console_model::{InstanceId, MessageId, PairingId, PartnerId, PartnerTrust, ProjectId};
use console_peer::address::PartnerAddress;
use console_peer::base::{BaseError, RspCode};
use console_peer::refusal::Reason;
use console_peer::signing::{Claim, ContentDigest, Head, SignatureError};

use super::PeerRefusal;
use super::proof::{key_of, no_partners_signature, refuse_repeated, unproven, verify};
use crate::{App, AppError, partners};

/// A request as it was on the wire.
#[derive(Debug, Clone)]
pub struct PeerRequest<'a> {
    /// Method, path (encoded, base path included) and query, as the sender wrote them.
    pub head: Head<'a>,
    /// The body.
    pub body: &'a [u8],
    /// What the signature's headers claim.
    pub claim: Result<Claim, SignatureError>,
    /// The id of the request in both sides' logs.
    pub request_id: &'a str,
    /// Where it comes from, as far as that is known.
    pub address: &'a str,
}

/// The answer to whoever does not sign and is not known.
const UNSIGNED: &str = "unsigned calls are not accepted from this address";

/// What a call names: the only thing that tells a caller who does not sign.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// Nothing: the call is an extension and has to be signed.
    Signature,
    /// The same, and a repeat is harmless: the call says a message of the channel, whose number tells a repeat.
    Numbered,
    /// A new project, by the address that the sender gives as its own.
    Address(&'a str),
    /// A project, by the sender's id.
    Project(&'a ProjectId),
    /// A pairing by the sender's id, which may be new, and the token of a root.
    Token(&'a PairingId, &'a str),
    /// A pairing, by the sender's id.
    Pairing(&'a PairingId),
    /// A pairing, by our id.
    OurPairing(&'a PairingId),
    /// An instance, by the sender's id.
    Instance(&'a InstanceId),
}

/// A partner that is calling.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub partner: partner::Model,
    id: PartnerId,
    /// Whether it proved it.
    pub signed: bool,
    /// The command's id and content, when it has one.
    pub command: Option<Command>,
    /// The id of the request in both sides' logs.
    pub request_id: String,
}

/// A command: the same id and content has the same answer, other content is a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The sender's id of it.
    pub id: MessageId,
    /// The digest of method, path and body.
    pub digest: String,
}

impl Caller {
    fn new(
        partner: partner::Model,
        signed: bool,
        command: Option<Command>,
        request: &PeerRequest<'_>,
    ) -> Result<Self, AppError> {
        let id = partner.id.clone();
        Ok(Self {
            partner,
            id,
            signed,
            command,
            request_id: request.request_id.to_owned(),
        })
    }

    /// The typed id of the partner.
    #[must_use]
    pub fn partner_id(&self) -> PartnerId {
        self.id.clone()
    }

    /// Refuses to pair or run anything for a partner whose fingerprint nobody here has confirmed.
    pub(super) fn refuse_unconfirmed(&self) -> Result<(), PeerRefusal> {
        if partners::is_unconfirmed(&self.partner) {
            return Err(PeerRefusal::because(
                Reason::FingerprintNotConfirmed,
                "our operators have not confirmed the fingerprint of your key yet; compare the fingerprints with them",
            ));
        }
        Ok(())
    }
}

/// Tells who is calling.
///
/// # Errors
/// The refusal to answer: 401 for a signature that does not hold, 403 for a caller that is no partner, 404 for a
/// subject that nobody knows, 409 for one that leads to several partners.
pub async fn identify(
    app: &App,
    request: &PeerRequest<'_>,
    subject: Subject<'_>,
) -> Result<Caller, PeerRefusal> {
    match &request.claim {
        Ok(claim) => signed(app, request, claim, subject).await,
        Err(SignatureError::Missing) => unsigned(app, request, subject).await,
        Err(error) => Err(unproven(*error)),
    }
}

async fn signed(
    app: &App,
    request: &PeerRequest<'_>,
    claim: &Claim,
    subject: Subject<'_>,
) -> Result<Caller, PeerRefusal> {
    let partner = rows::find_by_fingerprint(app.db().reader(), &claim.key_id().to_string()).await?;
    let partner = partner.ok_or_else(no_partners_signature)?;
    let verified = match verify(app, request, claim, &key_of(&partner)?) {
        Err(SignatureError::BadSignature) => return Err(no_partners_signature()),
        verified => verified.map_err(unproven)?,
    };
    match partner.trust {
        PartnerTrust::Paired => {}
        // It took up our acceptance and we have not heard its answer yet: in a moment we are partners.
        PartnerTrust::Pending => {
            return Err(
                BaseError::new(RspCode::Unavailable, "the pairing is not complete, try again").into(),
            );
        }
        PartnerTrust::Suspended => return Err(PeerRefusal::forbidden("the pairing is suspended")),
        PartnerTrust::Unpaired | PartnerTrust::Base => return Err(PeerRefusal::forbidden("not paired")),
    }
    // Last, so that whoever is no partner any more writes nothing. To remember a nonce costs a full sync of the database, which
    // messages with numbers of their own do not need.
    if !matches!(subject, Subject::Numbered) {
        refuse_repeated(app, &verified).await?;
    }
    let command = verified
        .command_id
        .map(|id| command_of(request, &id))
        .transpose()?;
    seen(app, &partner).await?;
    Ok(Caller::new(partner, true, command, request)?)
}

fn command_of(request: &PeerRequest<'_>, id: &str) -> Result<Command, PeerRefusal> {
    let id =
        MessageId::parse(id).map_err(|error| BaseError::invalid(format!("incorrect params, {error}")))?;
    let mut content = format!("{} {}\n", request.head.method, request.head.path).into_bytes();
    content.extend_from_slice(request.body);
    Ok(Command {
        id,
        digest: ContentDigest::of(&content).hex(),
    })
}

async fn unsigned(app: &App, request: &PeerRequest<'_>, subject: Subject<'_>) -> Result<Caller, PeerRefusal> {
    let db = app.db().reader();
    let not_signed = || {
        PeerRefusal::from(BaseError::new(
            RspCode::Unauthenticated,
            "the request is not signed",
        ))
    };
    if matches!(subject, Subject::Signature) {
        return Err(not_signed());
    }
    let base = rows::with_trust(db, PartnerTrust::Base).await?;
    if base.is_empty() {
        return Err(PeerRefusal::forbidden(UNSIGNED));
    }
    let guesses = app.guesses();
    let is_guess = matches!(subject, Subject::Token(..));
    if is_guess && guesses.are_too_many(request.address) {
        return Err(PeerRefusal::too_many(
            "too many unknown tokens came from this address, try again in a minute",
        ));
    }
    let owners = named(app, &base, subject).await?;
    if is_guess && owners.is_empty() {
        guesses.note(request.address);
    }
    let mut partners = base.into_iter().filter(|partner| owners.contains(&partner.id));
    let partner = match (partners.next(), partners.next()) {
        (Some(partner), None) => partner,
        (Some(_), Some(_)) => {
            return Err(PeerRefusal::conflict(
                "several partners know an object of this name",
            ));
        }
        (None, _) if owners.is_empty() => return Err(unknown(request, subject)),
        (None, _) => {
            // In the same words as to a stranger: who is a partner here concerns nobody else.
            return Err(PeerRefusal::forbidden(UNSIGNED));
        }
    };
    // Whoever can reach us may speak in this partner's name, so each of its calls is worth a line.
    tracing::info!(
        partner.id = %partner.id,
        peer.method = request.head.method,
        peer.path = request.head.path,
        request.id = request.request_id,
        "unsigned call"
    );
    seen(app, &partner).await?;
    Ok(Caller::new(partner, false, None, request)?)
}

/// The ids of the partners to whom the named object belongs.
async fn named(
    app: &App,
    base: &[partner::Model],
    subject: Subject<'_>,
) -> Result<Vec<PartnerId>, PeerRefusal> {
    let db = app.db().reader();
    Ok(match subject {
        Subject::Signature | Subject::Numbered => Vec::new(),
        Subject::Address(text) => {
            let Ok(address) = PartnerAddress::parse(text) else {
                return Ok(Vec::new());
            };
            let at = |row: &&partner::Model| {
                PartnerAddress::parse(&row.address).is_ok_and(|known| known == address)
            };
            base.iter().filter(at).map(|row| row.id.clone()).collect()
        }
        Subject::Project(id) => projects::partners_knowing(db, id).await?,
        Subject::Token(id, token) => match pairings::partners_knowing(db, id).await? {
            known if known.is_empty() => tasks::partners_with_token(db, token).await?,
            known => known,
        },
        Subject::Pairing(id) => pairings::partners_knowing(db, id).await?,
        Subject::OurPairing(id) => pairings::partners_of(db, id).await?,
        Subject::Instance(id) => {
            let found = instances::find_by_peer_id(db, id.as_str()).await?;
            found.into_iter().filter_map(|row| row.partner_id).collect()
        }
    })
}

/// The answer about an object that nobody knows, in the words of the consoles in the field.
fn unknown(request: &PeerRequest<'_>, subject: Subject<'_>) -> PeerRefusal {
    match subject {
        Subject::Signature | Subject::Numbered | Subject::Address(_) => {
            return PeerRefusal::forbidden(UNSIGNED);
        }
        Subject::Project(_) => BaseError::project_unknown(),
        Subject::Token(..) => BaseError::token_unknown(),
        Subject::Pairing(id) => BaseError::task_unknown(id.as_str()),
        Subject::OurPairing(_) => BaseError::instance_task_unknown(),
        Subject::Instance(id) if request.head.method == "PUT" => {
            BaseError::instance_unknown_in_update(id.as_str())
        }
        Subject::Instance(id) => BaseError::instance_unknown_in_get(id.as_str()),
    }
    .into()
}

/// Notes that the partner is alive, not more often than people look.
pub(super) async fn seen(app: &App, partner: &partner::Model) -> Result<(), PeerRefusal> {
    const OFTEN: chrono::TimeDelta = chrono::TimeDelta::seconds(15);
    let now = naive(Utc::now());
    if partner.last_seen_at.is_none_or(|at| now - at > OFTEN) || partner.last_error.is_some() {
        rows::note_contact(app.db(), &partner.id, None).await?;
    }
    Ok(())
}
