package magneto;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;

/** What the consumers were handed, in the order in which it came. Called by the library's threads. */
final class Seen {
    private final Map<String, List<Integer>> versions = new HashMap<>();
    private final Map<String, String> parents = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final List<String> faults = new ArrayList<>();
    private int records;

    synchronized void family(Map<String, String> parentOfShard) {
        parents.putAll(parentOfShard);
    }

    /** Items are {pk, version}. */
    synchronized void record(String shard, Record record) {
        Map<String, AttributeValue> image = record.dynamodb().newImage();
        versions.computeIfAbsent(image.get("pk").s(), key -> new ArrayList<>())
            .add(Integer.valueOf(image.get("version").n()));
        records++;
        String parent = parents.get(shard);
        if (parent != null && !ended.contains(parent)) {
            faults.add("a record of " + shard + " before the end of " + parent);
        }
        notifyAll();
    }

    synchronized void end(String shard) {
        ended.add(shard);
        notifyAll();
    }

    synchronized void fault(String what) {
        faults.add(what);
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    synchronized Set<String> ended() {
        return Set.copyOf(ended);
    }

    synchronized Map<String, List<Integer>> versions() {
        return Map.copyOf(versions);
    }

    /** Waits until so many records were seen and these shards have ended. */
    synchronized void await(int wanted, Set<String> shards) throws InterruptedException {
        long end = System.nanoTime() + 300_000_000_000L;
        while (records < wanted || !ended.containsAll(shards)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("records: " + records + " of " + wanted + ", ended: " + ended);
            }
            wait(left);
        }
    }
}
