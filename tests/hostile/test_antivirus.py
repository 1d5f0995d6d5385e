"""Each file brought goes through the antivirus, here a small server that speaks as clamd does."""

import socketserver
import struct
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from resources.intake import accept
from resources.reading import Refused as FileRefused
from trajectoire.core import scanning
from trajectoire.core.importing.records import ImportRun

from . import images, pdfs

# The harmless file that every antivirus knows, in two pieces so that none finds it here (https://www.eicar.org/).
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    """INSTREAM: pieces preceded by their length, an empty one ends; then one line ended by NUL."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        seen = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            assert size <= scanning.PIECE
            seen += self.rfile.read(size)
        self.server.seen.append(len(seen))
        self.wfile.write(self.server.answer or (b"stream: Eicar FOUND\0" if EICAR in seen else b"stream: OK\0"))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    answer = b""


@pytest.fixture
def clamd(settings):
    with Server(("127.0.0.1", 0), Clamd) as server:
        server.seen = []
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        settings.CLAMAV_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()


def test_clean_file_is_read_whole_and_kept(clamd):
    content = pdfs.one_page() + b"%" + b" " * (2 * scanning.PIECE)
    assert accept(SimpleUploadedFile("note.pdf", content)).kind.label == "PDF"
    assert clamd.seen == [len(content)]


@pytest.mark.parametrize("name", ["note.pdf", "photo.png", "liste.csv"])
def test_infected_file_is_refused_in_french(clamd, name):
    content = {"note.pdf": pdfs.one_page(), "photo.png": images.drawn(fmt="PNG"), "liste.csv": b"nom\n"}[name]
    with pytest.raises(FileRefused, match="logiciel malveillant"):
        accept(SimpleUploadedFile(name, content + EICAR))


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"\0", b""])
def test_odd_answer_refuses_for_now(clamd, answer):
    clamd.answer = answer or b" "
    with pytest.raises(scanning.Refused, match="réessayez"):
        scanning.check([b"x"])


def test_antivirus_away_refuses_for_now(clamd, settings):
    clamd.shutdown()
    clamd.server_close()
    with pytest.raises(scanning.Refused, match="réessayez"):
        scanning.check([b"x"])


def test_nothing_is_asked_without_address(settings):
    settings.CLAMAV_URL = ""
    assert scanning.check([EICAR]) is None


SCREENS = ("/admin/core/invitation/liste/", "/admin/core/importrun/add/abonnements/")


@pytest.mark.parametrize("url", SCREENS)
@pytest.mark.usefixtures("world")
def test_imports_refuse_infected_files_and_keep_nothing(clamd, administrator, url):
    sent = {"file": SimpleUploadedFile("liste.csv", b"e-mail;date;accord;nom\n" + EICAR)}
    assert administrator.get(url).status_code == 200
    html = administrator.post(url, sent).content.decode()
    assert "logiciel malveillant" in html
    assert not ImportRun.objects.exists()
