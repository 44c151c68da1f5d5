//! In which order a side sends. The order depends on nothing but the two numbers of ids, so that a job that was taken up
//! again sends the same messages under the same numbers.

/// How many batches of points a side is ahead of the batches that it returns.
pub(super) const AHEAD: u64 = 4;

/// What is exchanged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) own_ids: u64,
    pub(super) peer_ids: u64,
    /// We learn the result.
    pub(super) learns: bool,
    /// The other side learns the result.
    pub(super) teaches: bool,
    /// Ids of one message.
    pub(super) batch: u64,
    /// Points that come back are cut.
    pub(super) cut: bool,
}

/// One message that we send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// A batch of our own points.
    Points(u64),
    /// A batch of the other side's points, blinded by us as well.
    Return(u64),
}

impl Plan {
    pub(super) fn own_batches(&self) -> u64 {
        self.own_ids.div_ceil(self.batch)
    }

    pub(super) fn peer_batches(&self) -> u64 {
        self.peer_ids.div_ceil(self.batch)
    }

    /// Batches of our points that come back.
    pub(super) fn backs(&self) -> u64 {
        if self.learns { self.own_batches() } else { 0 }
    }

    /// Batches of the other side's points that we return.
    pub(super) fn returns(&self) -> u64 {
        if self.teaches { self.peer_batches() } else { 0 }
    }

    /// The ids of a batch, of `ids` in all.
    pub(super) fn range(&self, batch: u64, ids: u64) -> (u64, u64) {
        (batch * self.batch, ((batch + 1) * self.batch).min(ids))
    }

    /// Everything that we send, in order.
    pub(super) fn items(&self) -> impl Iterator<Item = Item> + Send + use<> {
        let (points, returns) = (self.own_batches(), self.returns());
        (0..points.max(returns + AHEAD)).flat_map(move |turn| {
            let point = (turn < points).then_some(Item::Points(turn));
            let back = turn
                .checked_sub(AHEAD)
                .filter(|batch| *batch < returns)
                .map(Item::Return);
            [point, back].into_iter().flatten()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(own: u64, peer: u64, teaches: bool) -> Plan {
        Plan {
            own_ids: own * 10,
            peer_ids: peer * 10,
            learns: true,
            teaches,
            batch: 10,
            cut: true,
        }
    }

    #[test]
    fn every_batch_is_sent_once_and_in_order() {
        for (own, peer) in [(0, 0), (0, 3), (3, 0), (1, 1), (9, 2), (2, 9), (7, 7)] {
            for teaches in [false, true] {
                let items: Vec<_> = plan(own, peer, teaches).items().collect();
                let points: Vec<_> = items
                    .iter()
                    .filter(|item| matches!(item, Item::Points(_)))
                    .copied()
                    .collect();
                let returns: Vec<_> = items
                    .iter()
                    .filter(|item| matches!(item, Item::Return(_)))
                    .copied()
                    .collect();
                assert_eq!(points, (0..own).map(Item::Points).collect::<Vec<_>>());
                let expected = if teaches { peer } else { 0 };
                assert_eq!(returns, (0..expected).map(Item::Return).collect::<Vec<_>>());
            }
        }
    }

    /// Two sides that follow their schedules never wait for each other for ever: a return can be sent once its points
    /// have arrived.
    #[test]
    fn no_two_schedules_lock() {
        for own in 0..12 {
            for peer in 0..12 {
                let sides = [plan(own, peer, true), plan(peer, own, true)];
                let mut left = sides.map(|side| side.items().collect::<std::collections::VecDeque<_>>());
                let mut arrived = [0, 0];
                let mut moved = true;
                while moved {
                    moved = false;
                    for side in [0, 1] {
                        match left[side].front() {
                            Some(Item::Points(_)) => arrived[1 - side] += 1,
                            Some(Item::Return(batch)) if *batch < arrived[side] => {}
                            _ => continue,
                        }
                        left[side].pop_front();
                        moved = true;
                    }
                }
                assert!(
                    left.iter().all(std::collections::VecDeque::is_empty),
                    "{own} {peer}"
                );
            }
        }
    }
}
