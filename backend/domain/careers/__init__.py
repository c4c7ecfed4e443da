"""What a dispatch does for a career: evaluations (鉴定) and promotion (职称晋升)."""
