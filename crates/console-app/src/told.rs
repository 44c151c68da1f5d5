//! Why a call between consoles came to nothing: the words for operators, and a word for programs by which they are shown in
//! another language. What a partner says in words of its own has no code but `REFUSED` and is shown as it is.

use std::fmt;

use console_db::partners::Unheard;
use console_peer::base::BaseError;
use console_peer::client::{Doubt, PeerError};
use console_peer::refusal::{Reason, Refusal};
use console_peer::{Vocabulary, Word};

/// The code of a refusal in the partner's own words.
pub(crate) const REFUSED: &str = "refused";

/// Words, and their code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// For operators, in English or in the partner's own words.
    pub(crate) text: String,
    /// The word for programs, where there is one.
    pub(crate) code: Option<&'static str>,
}

impl Told {
    /// Words of this console.
    pub(crate) fn ours(text: &str, code: &'static str) -> Self {
        Self {
            text: text.to_owned(),
            code: Some(code),
        }
    }

    /// Why a question was not answered, with what broke: it does not matter whether the partner did what it was asked for.
    pub(crate) fn of_question(error: &PeerError) -> Self {
        Self {
            text: error.of_question(),
            ..Self::from(error)
        }
    }

    /// As it is noted with a partner.
    pub(crate) fn as_unheard(&self) -> Unheard<'_> {
        Unheard {
            text: &self.text,
            code: self.code,
        }
    }

    /// The words in simplified Chinese, where they are not somebody's own.
    pub(crate) fn chinese(&self) -> Option<&'static str> {
        self.code.and_then(chinese)
    }
}

impl From<String> for Told {
    fn from(text: String) -> Self {
        Self { text, code: None }
    }
}

impl From<&PeerError> for Told {
    fn from(error: &PeerError) -> Self {
        let text = match error {
            PeerError::Refused { message, .. } if !message.trim().is_empty() => message.clone(),
            error => error.to_string(),
        };
        Self {
            text,
            code: Some(code_of(error)),
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn code_of(error: &PeerError) -> &'static str {
    match error {
        PeerError::NotAllowed(_) => "address_not_allowed",
        PeerError::Unreachable { .. } => "unreachable",
        PeerError::TooLarge { .. } => "message_too_large",
        PeerError::Unknown { doubt, .. } => match doubt {
            Doubt::TimedOut => "timed_out",
            Doubt::Dropped => "connection_broke",
            Doubt::ServerError => "partner_error",
            Doubt::Unreadable => "unreadable",
            Doubt::Busy => "partner_busy",
            Doubt::Full => "partner_full",
        },
        PeerError::Refused { status, refusal, .. } => of_refusal(*status, refusal.as_deref()),
        PeerError::NotSpoken => "not_spoken",
        PeerError::Protocol(_) => "protocol_broken",
    }
}

/// The code of what a partner was told here.
#[must_use]
pub fn code_of_answer(told: &BaseError) -> &'static str {
    of_refusal(told.status, told.refusal.as_deref())
}

/// What the reason says, or the status where it says all there is.
fn of_refusal(status: u16, refusal: Option<&Refusal>) -> &'static str {
    match (refusal.map(|refusal| &refusal.reason), status) {
        (Some(Word::Known(reason)), _) => reason.word(),
        (_, 401) => "signature_refused",
        (_, 404) => "not_known",
        (_, 413) => "message_too_large",
        (_, 429) => "limit_reached",
        (_, 507) => "partner_full",
        _ => REFUSED,
    }
}

/// What a code says in simplified Chinese; nothing for one that leaves it to somebody's own words.
#[must_use]
pub fn chinese(code: &str) -> Option<&'static str> {
    if let Some(reason) = Reason::from_word(code) {
        return Some(of_reason(reason));
    }
    Some(match code {
        "address_not_allowed" => "本控制台的配置不允许访问该地址",
        "unreachable" => "无法连接到对方的控制台",
        "message_too_large" => "消息超出了传输途中允许的大小",
        "timed_out" => "对方未及时应答，不知是否已处理",
        "connection_broke" => "连接在应答之前中断，不知是否已处理",
        "partner_error" => "对方的控制台内部出错，不知是否已处理",
        "unreadable" => "对方的应答无法读取，不知是否已处理",
        "partner_busy" => "对方的控制台暂时繁忙",
        "partner_full" => "存储空间不足",
        "not_spoken" => "对方的控制台不支持此功能",
        "protocol_broken" => "应答不符合协议",
        "signature_refused" => "签名未被接受",
        "not_known" => "所指的内容不存在",
        "answer_lost" => "对方的答复在传输中丢失，已新建版本代替并请对方配对",
        "other_console" => "该地址上是另一个控制台：其密钥与配对时的不同",
        "acceptance_waits" => "对方尚未收到我方接受邀请的消息",
        "invitation_refused" => "对方未接受邀请，可能已过期、已使用或已撤回",
        "unpaired_by_partner" => "合作方已解除配对",
        "way_has_fault" => "与对方的连接有问题，检查连接可查看原因",
        "partner_not_paired" => "尚未与合作方配对",
        "partner_suspended" => "合作方已暂停",
        "partner_unpaired" => "已与合作方解除配对",
        "limit_reached" => "已达到为该合作方设定的上限",
        _ => return None,
    })
}

const fn of_reason(reason: Reason) -> &'static str {
    match reason {
        Reason::TokenUnknown => "项目中没有使用该配对码的任务",
        Reason::TokenAmbiguous => "有多个任务使用该配对码",
        Reason::TypeDiffers => "双方任务的用途不同",
        Reason::MetaDiffers => "双方的共享约定相互矛盾",
        Reason::SettingsDiffer => "双方必须一致的设置存在差异",
        Reason::PairedElsewhere => "该任务已与其他任务配对",
        Reason::ProjectClosed => "项目已关闭",
        Reason::TaskArchived => "任务已归档",
        Reason::VersionExists => "已有相同编号的版本",
        Reason::RootNotPaired => "任务的首个版本尚未配对",
        Reason::FingerprintNotConfirmed => "指纹尚未核对",
    }
}

#[cfg(test)]
mod tests {
    use console_peer::base::RspCode;
    use console_peer::client::Hop;

    use super::*;

    fn refused(status: u16, reason: Option<Reason>) -> PeerError {
        PeerError::Refused {
            status,
            code: RspCode::FailedPrecondition,
            message: "ask us on Monday".to_owned(),
            refusal: reason.map(|reason| Box::new(reason.into())),
        }
    }

    #[test]
    fn what_has_a_code_is_told_in_chinese_and_own_words_are_left_alone() {
        let detail = || "a detail".to_owned();
        let doubts = [
            Doubt::TimedOut,
            Doubt::Dropped,
            Doubt::ServerError,
            Doubt::Unreadable,
            Doubt::Busy,
            Doubt::Full,
        ];
        let mut errors: Vec<PeerError> = doubts
            .map(|doubt| PeerError::Unknown {
                doubt,
                detail: detail(),
            })
            .into();
        errors.extend([
            PeerError::Unreachable {
                hop: Hop::Tcp,
                detail: detail(),
            },
            PeerError::TooLarge { detail: detail() },
            PeerError::NotSpoken,
            PeerError::Protocol(detail()),
        ]);
        errors.extend([401, 404, 413, 429, 507].map(|status| refused(status, None)));
        errors.extend(
            [
                Reason::TokenUnknown,
                Reason::ProjectClosed,
                Reason::FingerprintNotConfirmed,
            ]
            .map(|reason| refused(400, Some(reason))),
        );
        for error in errors {
            let told = Told::from(&error);
            assert!(told.chinese().is_some(), "{told:?}");
        }
        for status in [400, 403, 409] {
            let told = Told::from(&refused(status, None));
            assert_eq!(
                (told.text.as_str(), told.code),
                ("ask us on Monday", Some(REFUSED))
            );
            assert_eq!(told.chinese(), None);
        }
    }
}
