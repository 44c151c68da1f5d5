//! Messages of the channel that come in pieces, because the way takes no large requests.

use bytes::Bytes;
use console_peer::address::PartnerAddress;
use console_peer::client::{CallOptions, Partner, PeerError, Speaks};
use console_peer::ext::{MAX_CHANNEL_MESSAGE, MessageDigest, Piece, PieceAnswer};

use super::*;

#[actix_web::test]
async fn a_run_ends_well_through_proxies_with_small_limits() {
    // What the way takes, and how many requests it refuses until that is known: 1 MiB is halved four times.
    for (limit, refusals) in [(1 << 20, 0), (64 << 10, 4)] {
        let says = json!({"do": "say", "count": 3, "size": MAX_CHANNEL_MESSAGE - 1});
        let (pair, _, to_peer) = consoles_behind(says, json!({"do": "hear", "count": 3})).await;
        to_peer.limit(limit);
        pair.run().await;
        let run = reaches(&pair.host, InstanceStatus::Succeeded).await;
        reaches(&pair.peer, InstanceStatus::Succeeded).await;
        assert_eq!(run.held_up, None);
        assert_eq!(to_peer.refused(), refusals, "{limit}");
        pair.stop().await;
    }
}

/// Sends a piece of message 0 of a run.
async fn send(
    from: &Console,
    to: &Console,
    id: &InstanceId,
    message: &Bytes,
    offset: usize,
    length: usize,
) -> Result<PieceAnswer, PeerError> {
    let there = Partner {
        address: PartnerAddress::parse(&to.url).unwrap(),
        speaks: Speaks::Paired {
            receiver: to.app.identity().fingerprint(),
        },
    };
    let piece = Piece {
        digest: MessageDigest::of(message),
        length: message.len(),
        offset,
    };
    let bytes = message.slice(offset..offset + length);
    let (peer, options) = (from.app.peer(), CallOptions::default());
    peer.channel_send_piece(&there, &options, id, (1, 0), &piece, bytes)
        .await
}

#[actix_web::test]
async fn pieces_may_come_to_any_process_and_more_than_once() {
    let pair = consoles(json!({"do": "wait"}), json!({"do": "wait"})).await;
    let replica = pair.peer.replica("peer-2", Puppet).await;
    let id = pair.run().await;
    reaches(&pair.peer, InstanceStatus::Running).await;
    let message = Bytes::from((0..10_000_u32).map(|n| n.to_le_bytes()[0]).collect::<Vec<u8>>());
    let other = Bytes::from(vec![7; 10_000]);
    let to = async |console: &Console, message: &Bytes, offset: usize, length: usize| {
        let answer = send(&pair.host, console, &id, message, offset, length)
            .await
            .unwrap();
        (answer.next_seq, answer.next_byte, answer.accepted)
    };
    let (one, two) = (&pair.peer, &replica);
    assert_eq!(
        to(one, &message, 4096, 4096).await,
        (0, 0, false),
        "the first piece is missed"
    );
    assert_eq!(to(one, &message, 0, 4096).await, (0, 4096, true));
    assert_eq!(to(two, &message, 0, 4096).await, (0, 4096, true), "again");
    assert_eq!(to(two, &message, 4096, 4096).await, (0, 8192, true));
    // The sender began anew with another content: what there is of the first is dropped.
    assert_eq!(to(one, &other, 0, 5000).await, (0, 5000, true));
    assert_eq!(to(two, &message, 8192, 1808).await, (0, 0, false));
    assert_eq!(to(two, &other, 5000, 5000).await, (1, 0, true), "it is whole");
    assert_eq!(to(one, &other, 5000, 5000).await, (1, 0, true), "again");

    // One that is too short, and one that is empty.
    for (offset, length) in [(0, 100), (0, 0)] {
        let refused = send(&pair.host, one, &id, &message, offset, length)
            .await
            .unwrap_err();
        assert!(
            matches!(refused, PeerError::Refused { status: 400, .. }),
            "{refused}"
        );
    }
    pair.stop().await;
    replica.stop().await;
}
