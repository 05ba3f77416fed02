package magneto;

import java.util.Objects;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Tests of one program: each runs at once; done() ends with "N passed, N failed". */
final class Tests {
    private int passed;
    private int failed;

    interface Body {
        void run() throws Exception;
    }

    void test(String name, Body body) {
        try {
            body.run();
            passed++;
        } catch (Exception | AssertionError fault) {
            failed++;
            System.out.println("FAILED " + name + ": " + fault);
        }
    }

    static void equal(Object got, Object want) {
        if (!Objects.equals(got, want)) {
            throw new AssertionError("got " + got + ", want " + want);
        }
    }

    /** The body must fail with an exception of this class and this text; returns it. */
    static <E extends AwsServiceException> E fails(Class<E> kind, String text, Body body) throws Exception {
        try {
            body.run();
        } catch (AwsServiceException error) {
            equal(error.awsErrorDetails().errorMessage(), text);
            return kind.cast(error);
        }
        throw new AssertionError("it did not fail");
    }

    void done() {
        System.out.println(passed + " passed, " + failed + " failed");
        System.exit(failed > 0 || passed == 0 ? 1 : 0);
    }
}
