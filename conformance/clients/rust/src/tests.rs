//! Tests of one program: each has run when it is counted; done() ends with "N passed, N failed".
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use std::error::Error;
use std::fmt::Debug;

pub type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

#[derive(Default)]
pub struct Tests {
    passed: u32,
    failed: u32,
}

impl Tests {
    pub fn test(&mut self, name: &str, result: Result) {
        match result {
            Ok(()) => self.passed += 1,
            Err(error) => {
                self.failed += 1;
                println!("FAILED {name}: {error:?}");
            }
        }
    }

    pub fn done(self) {
        println!("{} passed, {} failed", self.passed, self.failed);
        std::process::exit((self.failed > 0 || self.passed == 0) as i32);
    }
}

pub fn equal<T: PartialEq<U> + Debug, U: Debug>(got: T, want: U) -> Result {
    if got == want {
        Ok(())
    } else {
        Err(format!("got {got:?}, want {want:?}").into())
    }
}

/// The call must fail with this text; gives the operation's error.
pub fn fails<T, E>(result: std::result::Result<T, SdkError<E>>, text: &str) -> Result<E>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match result {
        Ok(_) => Err("it did not fail".into()),
        Err(SdkError::ServiceError(error)) => {
            let error = error.into_err();
            equal(error.message(), Some(text))?;
            Ok(error)
        }
        Err(other) => Err(other.into()),
    }
}
