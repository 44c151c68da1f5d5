//! What a process knows of the messages that have come for one attempt.

use std::collections::VecDeque;

use bytes::Bytes;

/// What a message costs besides its bytes, so that any number of empty ones is not free.
pub(super) const MESSAGE_COST: usize = 256;
/// So many bytes of messages that are stored and that our engine has not been given yet stay in memory as well.
const AT_HAND_BYTES: usize = 4 << 20;

/// An object with messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kept {
    /// The number of the first message in it.
    pub(super) first: u64,
    /// How many there are; none for an object that is one message and nothing else.
    pub(super) batch: Option<u64>,
    /// Its size.
    pub(super) bytes: u64,
}

impl Kept {
    /// How many messages there are.
    pub(super) fn count(&self) -> u64 {
        self.batch.unwrap_or(1)
    }

    /// The number behind the last message.
    pub(super) fn end(&self) -> u64 {
        self.first.saturating_add(self.count())
    }
}

#[derive(Default)]
pub(super) struct State {
    /// Every message below is stored or was acknowledged.
    pub(super) next: u64,
    /// Every message below was acknowledged and is gone.
    pub(super) acknowledged: u64,
    /// What is stored and has messages from `acknowledged` to `next`.
    pub(super) kept: VecDeque<Kept>,
    /// Messages from `next` on that have come by a stream and are not stored yet: the sender still has them.
    pub(super) pending: VecDeque<Bytes>,
    pub(super) pending_bytes: usize,
    /// The number behind the last message that our engine was given.
    pub(super) given: u64,
    pub(super) at_hand: AtHand,
}

/// The last messages that this process stored, so that an engine that waits for one need not read it back.
#[derive(Default)]
pub(super) struct AtHand {
    messages: VecDeque<(u64, Bytes)>,
    bytes: usize,
}

impl AtHand {
    /// Keeps a message, as far as there is room: an engine that is behind reads it back.
    pub(super) fn keep(&mut self, number: u64, message: Bytes) {
        let cost = message.len() + MESSAGE_COST;
        if self.bytes + cost <= AT_HAND_BYTES {
            self.bytes += cost;
            self.messages.push_back((number, message));
        }
    }

    /// Gives a message, if it is here, and forgets those before it. An engine that asks for it once more reads it back.
    pub(super) fn take(&mut self, number: u64) -> Option<Bytes> {
        while let Some((first, message)) = self.messages.pop_front_if(|(first, _)| *first <= number) {
            self.bytes -= message.len() + MESSAGE_COST;
            if first == number {
                return Some(message);
            }
        }
        None
    }

    /// Takes in what was read back together with a message that was asked for; what there is already is behind it.
    pub(super) fn put_before(&mut self, number: u64, messages: impl IntoIterator<Item = Bytes>) {
        let behind = std::mem::take(self);
        let first_behind = behind.messages.front().map_or(u64::MAX, |(first, _)| *first);
        for (number, message) in (number..first_behind).zip(messages) {
            self.keep(number, message);
        }
        for (number, message) in behind.messages {
            self.keep(number, message);
        }
    }
}

impl State {
    /// The bytes that wait for our engine.
    pub(super) fn held(&self) -> u64 {
        let kept: u64 = self.kept.iter().map(|kept| kept.bytes).sum();
        let messages: u64 = self.kept.iter().map(Kept::count).sum();
        let cost = messages.saturating_mul(MESSAGE_COST as u64);
        kept.saturating_add(cost)
            .saturating_add(self.pending_cost() as u64)
    }

    /// What the messages that are not stored take in memory.
    pub(super) fn pending_cost(&self) -> usize {
        self.pending_bytes + self.pending.len() * MESSAGE_COST
    }

    /// Whether so many bytes more are too many. One message is always taken.
    pub(super) fn is_full(&self, size: u64, limit: u64) -> bool {
        let is_empty = self.kept.is_empty() && self.pending.is_empty();
        !is_empty && self.held().saturating_add(size) > limit
    }

    /// The number behind the last message that has come, stored or not.
    pub(super) fn arrived(&self) -> u64 {
        self.next + self.pending.len() as u64
    }

    /// Takes in a message that is not stored yet.
    pub(super) fn pend(&mut self, message: Bytes) {
        self.pending_bytes += message.len();
        self.pending.push_back(message);
    }

    /// A message that is not stored yet.
    pub(super) fn pended(&self, number: u64) -> Option<Bytes> {
        let place = usize::try_from(number.checked_sub(self.next)?).ok()?;
        self.pending.get(place).cloned()
    }

    /// Every message below a number is stored, or was acknowledged. Those that our engine may still ask for stay at hand.
    pub(super) fn safe_below(&mut self, number: u64) {
        while self.next < number {
            match self.pending.pop_front() {
                Some(message) => {
                    self.pending_bytes -= message.len();
                    if self.next >= self.given {
                        self.at_hand.keep(self.next, message);
                    }
                    self.next += 1;
                }
                None => self.next = number,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(bytes: usize) -> Bytes {
        Bytes::from(vec![0; bytes])
    }

    #[test]
    fn what_is_at_hand_is_given_once_and_what_was_passed_over_is_forgotten() {
        let mut at_hand = AtHand::default();
        for number in 3..8 {
            at_hand.keep(number, message(10));
        }
        assert_eq!(at_hand.take(2), None, "it was stored by another process");
        assert_eq!(at_hand.take(4), Some(message(10)));
        assert_eq!(at_hand.take(4), None);
        assert_eq!(at_hand.take(3), None);
        assert_eq!(
            (at_hand.messages.len(), at_hand.bytes),
            (3, 3 * (10 + MESSAGE_COST))
        );
        assert_eq!(at_hand.take(20), None);
        assert_eq!((at_hand.messages.len(), at_hand.bytes), (0, 0));
    }

    #[test]
    fn what_was_read_back_stands_before_what_there_is() {
        let mut at_hand = AtHand::default();
        at_hand.keep(7, message(7));
        at_hand.put_before(5, [message(5), message(6), message(70), message(80)]);
        for number in 5..8 {
            assert_eq!(
                at_hand.take(number),
                Some(message(usize::try_from(number).unwrap()))
            );
        }
        assert_eq!((at_hand.messages.len(), at_hand.bytes), (0, 0));
    }

    #[test]
    fn empty_messages_fill_the_store_as_well() {
        let single = |first| Kept {
            first,
            batch: None,
            bytes: 0,
        };
        let (mut kept, mut pending) = (State::default(), State::default());
        let most = (1 << 20) / MESSAGE_COST + 1;
        while !kept.is_full(0, 1 << 20) {
            kept.kept.push_back(single(kept.kept.len() as u64));
            assert!(kept.kept.len() <= most);
        }
        while !pending.is_full(0, 1 << 20) {
            pending.pend(message(0));
            assert!(pending.pending.len() <= most);
        }
    }

    #[test]
    fn messages_at_hand_are_bounded_and_go_on_when_there_is_room_again() {
        let mut at_hand = AtHand::default();
        for number in 0..10 {
            at_hand.keep(number, message(1 << 20));
        }
        assert_eq!(at_hand.messages.len(), 3);
        assert_eq!(at_hand.take(7), None, "it is read back");
        assert_eq!(at_hand.bytes, 0);
        at_hand.keep(10, message(1));
        assert_eq!(at_hand.take(10), Some(message(1)));
        for number in 11..100_000 {
            at_hand.keep(number, message(0));
        }
        assert_eq!(at_hand.messages.len(), AT_HAND_BYTES / MESSAGE_COST);
    }

    #[test]
    fn what_is_safe_leaves_what_is_pending_and_stays_at_hand_unless_it_was_given() {
        let mut state = State::default();
        for size in 0..4 {
            state.pend(message(size));
        }
        assert_eq!((state.arrived(), state.pended(2)), (4, Some(message(2))));
        state.given = 2;
        state.safe_below(3);
        assert_eq!((state.next, state.arrived(), state.pending_bytes), (3, 4, 3));
        assert_eq!(state.pended(2), None);
        assert_eq!(state.at_hand.take(1), None);
        assert_eq!(state.at_hand.take(2), Some(message(2)));
        // Another process has stored and acknowledged more than has come here.
        state.safe_below(9);
        assert_eq!((state.next, state.arrived(), state.pending_bytes), (9, 9, 0));
    }
}
