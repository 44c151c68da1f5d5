use bytes::Bytes;
use console_model::{InstanceId, PairingId, ProjectId};
use reqwest::Method;

use super::transport::{Body, Outgoing, Part};
use super::{CallOptions, Partner, PeerClient, PeerError, Speaks};
use crate::base::{
    InstanceCreate, InstanceCreateAnswer, InstanceRow, InstanceStatusAnswer, InstanceUpdate, ProjectAnswer,
    ProjectCreate, ProjectUpdate, TaskMetaAnswer, TaskPair, TaskPairAnswer,
};
use crate::ext::{
    ChannelAnswer, Hello, InstanceReport, InstanceReportAnswer, MAX_CHANNEL_MESSAGE, PairingAnswer,
    PairingRequest, Piece, PieceAnswer, UnpairAnswer, UnpairRequest,
};

type Answer<T> = Result<T, PeerError>;

const fn outgoing<'a>(part: Part, method: Method, segments: &'a [&'a str], body: Body) -> Outgoing<'a> {
    Outgoing {
        part,
        method,
        segments,
        query: None,
        body,
    }
}

/// The base protocol. `id` is always our own id of the object.
impl PeerClient {
    /// `POST /project/peer`: tells the partner of a project.
    ///
    /// # Errors
    /// See [`PeerError`]. A base partner that knows the project already answers 409, rsp 6.
    pub async fn project_create(
        &self,
        partner: &Partner,
        options: &CallOptions,
        request: &ProjectCreate,
    ) -> Answer<ProjectAnswer> {
        let body = Body::json(request)?;
        let call = outgoing(Part::Base, Method::POST, &["project", "peer"], body);
        self.call(partner, options, call).await
    }

    /// `PUT /project/peer/<id>`: tells the partner of our config.
    ///
    /// # Errors
    /// See [`PeerError`].
    pub async fn project_update(
        &self,
        partner: &Partner,
        options: &CallOptions,
        id: &ProjectId,
        request: &ProjectUpdate,
    ) -> Answer<ProjectAnswer> {
        let body = match partner.speaks {
            Speaks::Base => Body::json(&request.without_extensions())?,
            Speaks::Paired { .. } => Body::json(request)?,
        };
        let path = ["project", "peer", id.as_str()];
        self.call(partner, options, outgoing(Part::Base, Method::PUT, &path, body))
            .await
    }

    /// `GET /project/peer/<id>`: the connection check of a project; also tells the partner's id of it.
    ///
    /// # Errors
    /// See [`PeerError`].
    pub async fn project_check(
        &self,
        partner: &Partner,
        options: &CallOptions,
        id: &ProjectId,
    ) -> Answer<ProjectAnswer> {
        let path = ["project", "peer", id.as_str()];
        self.call(
            partner,
            options,
            outgoing(Part::Base, Method::GET, &path, Body::Nothing),
        )
        .await
    }

    /// `POST /task/peer/<id>`: pairs a task version.
    ///
    /// # Errors
    /// See [`PeerError`]. 403, rsp 7: the partner has no root with the token.
    pub async fn task_pair(
        &self,
        partner: &Partner,
        options: &CallOptions,
        id: &PairingId,
        request: &TaskPair,
    ) -> Answer<TaskPairAnswer> {
        let body = match partner.speaks {
            Speaks::Base => Body::json(&request.without_extensions())?,
            Speaks::Paired { .. } => Body::json(request)?,
        };
        let path = ["task", "peer", id.as_str()];
        self.call(partner, options, outgoing(Part::Base, Method::POST, &path, body))
            .await
    }

    /// `GET /task/peer/<id>`: the partner's public meta.
    ///
    /// # Errors
    /// See [`PeerError`].
    pub async fn task_meta(
        &self,
        partner: &Partner,
        options: &CallOptions,
        id: &PairingId,
    ) -> Answer<TaskMetaAnswer> {
        let path = ["task", "peer", id.as_str()];
        self.call(
            partner,
            options,
            outgoing(Part::Base, Method::GET, &path, Body::Nothing),
        )
        .await
    }

    /// `POST /task_instance/peer/<id>`: asks for a run. A base partner starts its engine at once.
    ///
    /// # Errors
    /// See [`PeerError`]. A base partner that knows the instance already answers 409, rsp 6.
    pub async fn instance_create(
        &self,
        partner: &Partner,
        options: &CallOptions,
        id: &InstanceId,
        request: &InstanceCreate,
    ) -> Answer<InstanceCreateAnswer> {
        let body = match partner.speaks {
            Speaks::Base => Body::json(&request.without_extensions())?,
            Speaks::Paired { .. } => Body::json(request)?,
        };
        let path = ["task_instance", "peer", id.as_str()];
        self.call(partner, options, outgoing(Part::Base, Method::POST, &path, body))
            .await
    }

    /// `PUT /task_instance/peer/<id>`: starts or stops the partner's half of a run.
    ///
    /// # Errors
    /// See [`PeerError`].
    pub async fn instance_update(
        &self,
        partner: &Partner,
        options: &CallOptions,
        id: &InstanceId,
        request: &InstanceUpdate,
    ) -> Answer<InstanceStatusAnswer> {
        let body = match partner.speaks {
            Speaks::Base => Body::json(&request.without_extensions())?,
            Speaks::Paired { .. } => Body::json(request)?,
        };
        let path = ["task_instance", "peer", id.as_str()];
        self.call(partner, options, outgoing(Part::Base, Method::PUT, &path, body))
            .await
    }

    /// `GET /task_instance/peer/<id>`: the partner's row of a run.
    ///
    /// # Errors
    /// See [`PeerError`]. 404, rsp 5, for a run that the partner knew: it was deleted there.
    pub async fn instance_get(
        &self,
        partner: &Partner,
        options: &CallOptions,
        id: &InstanceId,
    ) -> Answer<InstanceRow> {
        let path = ["task_instance", "peer", id.as_str()];
        self.call(
            partner,
            options,
            outgoing(Part::Base, Method::GET, &path, Body::Nothing),
        )
        .await
    }
}

/// The extensions. To a base partner, all but [`hello`](PeerClient::hello) are [`PeerError::NotSpoken`] without a call.
impl PeerClient {
    /// `GET /peer/hello`: the announcement. The partner may be of any kind.
    ///
    /// # Errors
    /// See [`PeerError`]. [`PeerError::NotSpoken`]: it is a base console, or not a console at all.
    pub async fn hello(&self, partner: &Partner, options: &CallOptions) -> Answer<Hello> {
        self.announcement(partner, options, None).await
    }

    /// As [`hello`](PeerClient::hello), and tells the partner our address: a signed call, so that the partner can believe
    /// it.
    ///
    /// # Errors
    /// As [`hello`](PeerClient::hello).
    pub async fn greet(&self, partner: &Partner, options: &CallOptions, address: &str) -> Answer<Hello> {
        self.announcement(partner, options, Some(("address", address)))
            .await
    }

    async fn announcement(
        &self,
        partner: &Partner,
        options: &CallOptions,
        query: Option<(&str, &str)>,
    ) -> Answer<Hello> {
        let call = Outgoing {
            query,
            ..outgoing(Part::Announcement, Method::GET, &["peer", "hello"], Body::Nothing)
        };
        let hello: Hello = self.call(partner, options, call).await?;
        if hello.public_key.fingerprint() != hello.fingerprint {
            return Err(PeerError::Protocol(
                "the announced fingerprint does not belong to the key".to_owned(),
            ));
        }
        Ok(hello)
    }

    /// `POST /peer/pairing`: takes up an invitation. The partner is the inviting console, `Paired` with the fingerprint
    /// that the invitation names.
    ///
    /// # Errors
    /// See [`PeerError`]. [`PeerError::Protocol`] also when another console than the invited one answers.
    pub async fn pair(
        &self,
        partner: &Partner,
        options: &CallOptions,
        request: &PairingRequest,
    ) -> Answer<PairingAnswer> {
        let call = outgoing(
            Part::Extension,
            Method::POST,
            &["peer", "pairing"],
            Body::json(request)?,
        );
        let answer: PairingAnswer = self.call(partner, options, call).await?;
        let named = answer.public_key.fingerprint() == answer.fingerprint;
        if !named
            || partner.speaks
                != (Speaks::Paired {
                    receiver: answer.fingerprint,
                })
        {
            return Err(PeerError::Protocol(
                "another console than the one that invited answers".to_owned(),
            ));
        }
        Ok(answer)
    }

    /// `POST /peer/unpair`: ends the pairing.
    ///
    /// # Errors
    /// See [`PeerError`].
    pub async fn unpair(
        &self,
        partner: &Partner,
        options: &CallOptions,
        request: &UnpairRequest,
    ) -> Answer<UnpairAnswer> {
        let call = outgoing(
            Part::Extension,
            Method::POST,
            &["peer", "unpair"],
            Body::json(request)?,
        );
        self.call(partner, options, call).await
    }

    /// `PUT /peer/instances/<id>/status`: reports our status of a run. `id` is ours.
    ///
    /// # Errors
    /// See [`PeerError`].
    pub async fn instance_status(
        &self,
        partner: &Partner,
        options: &CallOptions,
        id: &InstanceId,
        request: &InstanceReport,
    ) -> Answer<InstanceReportAnswer> {
        let path = ["peer", "instances", id.as_str(), "status"];
        let call = outgoing(Part::Extension, Method::PUT, &path, Body::json(request)?);
        self.call(partner, options, call).await
    }

    /// `POST /peer/channel/<id>/<attempt>/<seq>`: a message to the engine on the other side. `id` is ours.
    ///
    /// # Errors
    /// See [`PeerError`]. [`PeerError::Protocol`] when the message is longer than [`MAX_CHANNEL_MESSAGE`].
    pub async fn channel_send(
        &self,
        partner: &Partner,
        options: &CallOptions,
        id: &InstanceId,
        position: (u32, u64),
        message: Bytes,
    ) -> Answer<ChannelAnswer> {
        if message.len() > MAX_CHANNEL_MESSAGE {
            let limit = MAX_CHANNEL_MESSAGE;
            return Err(PeerError::Protocol(format!(
                "a channel message has at most {limit} bytes"
            )));
        }
        let (attempt, seq) = (position.0.to_string(), position.1.to_string());
        let path = ["peer", "channel", id.as_str(), &attempt, &seq];
        let call = outgoing(Part::Extension, Method::POST, &path, Body::Bytes(message));
        self.call(partner, options, call).await
    }

    /// `POST /peer/channel/<id>/<attempt>/<seq>/<digest>/<length>/<offset>`: a piece of a message to the engine on the
    /// other side. `id` is ours.
    ///
    /// # Errors
    /// See [`PeerError`]. [`PeerError::NotSpoken`]: the partner's console takes no pieces.
    pub async fn channel_send_piece(
        &self,
        partner: &Partner,
        options: &CallOptions,
        id: &InstanceId,
        position: (u32, u64),
        piece: &Piece,
        bytes: Bytes,
    ) -> Answer<PieceAnswer> {
        let numbers = [
            u64::from(position.0),
            position.1,
            piece.length as u64,
            piece.offset as u64,
        ];
        let [attempt, seq, length, offset] = numbers.map(|number| number.to_string());
        let path = [
            "peer",
            "channel",
            id.as_str(),
            &attempt,
            &seq,
            piece.digest.as_str(),
            &length,
            &offset,
        ];
        let call = outgoing(Part::Extension, Method::POST, &path, Body::Bytes(bytes));
        self.call(partner, options, call).await
    }
}
