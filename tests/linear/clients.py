"""Many clients in one process. A client is a generator: it yields a request and gets the reply. Each has a connection
and one request under way, so the server sees as many at a time as there are clients."""
import selectors

from client import Client, call_bytes


class Connection:
    def __init__(self, port, generator):
        self.client, self.generator = Client(port), generator

    def proceed(self, reply):
        """Goes on with the reply; False when the client has nothing more to ask."""
        try:
            operation, body, *_ = self.generator.send(reply)
        except StopIteration:
            self.client.close()
            return False
        self.client.send(call_bytes(operation, body))
        return True


def play(port, generators):
    """Until every client is done."""
    with selectors.DefaultSelector() as selector:
        for generator in generators:
            connection = Connection(port, generator)
            if connection.proceed(None):
                selector.register(connection.client.socket, selectors.EVENT_READ, connection)
        while selector.get_map():
            for key, _ in selector.select():
                socket = key.fileobj
                reply = key.data.client.reply()
                selector.unregister(socket)
                if key.data.proceed(reply):
                    selector.register(socket, selectors.EVENT_READ, key.data)
